/** One answer of an HTTP server: its facts, how a report shows it, and the check of its status. */
import type { Endpoint } from '../../agent/endpoint.ts';
import type { HttpAnswer, TlsSession } from '../../agent/protocol.ts';
import type { Check } from '../../outcomes/check.ts';
import type { Answer, Outcome } from '../../outcomes/outcome.ts';
import { showBytes } from '../../outcomes/show.ts';
import { tlsFields } from './over-tls.ts';
import { type Request, showRequest } from './request.ts';

/** From here on a status says that the request was not served (RFC 9110 sections 15.5 and 15.6). */
const ERRORS = 400;

export function answerIn({ head, bytes, sha256 }: HttpAnswer): Answer {
  return { head: Buffer.from(head), bytes, sha256 };
}

/** `404 Not Found` */
function showStatus({ status, reason }: HttpAnswer): string {
  return `${status} ${reason}`.trim();
}

/** `200 OK "hello"`, `204 No Content` */
export function showAnswer(answer: HttpAnswer): string {
  const { bytes, head } = answer;
  if (bytes === 0) return showStatus(answer);
  return `${showStatus(answer)} ${head.length === bytes ? showBytes(head) : `${bytes} bytes`}`;
}

/** The ends of the connection, and the facts of the last answer; headers among them. */
export function fieldsOf(
  ends: { local: Endpoint; remote: Endpoint; session?: TlsSession },
  answer?: HttpAnswer,
): Outcome['fields'] {
  const { local, remote, session } = ends;
  const headers = Object.entries(answer?.headers ?? {}).map(([name, value]) => [name, plainOf(value)]);
  return {
    ...(Object.fromEntries(headers) as Outcome['fields']),
    ...(answer && {
      status: answer.status,
      reason: answer.reason,
      bytes: answer.bytes,
      sha256: answer.sha256,
    }),
    ...(session && tlsFields(session)),
    local_address: local.address,
    local_port: local.port,
    remote_address: remote.address,
    remote_port: remote.port,
  };
}

/** A value that is a whole number and nothing else compares as a number: `content-length: "> 100"`. */
function plainOf(value: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/** The check of a status: the `wanted` one, or without one any below 400, unless it is `said` elsewhere what comes. */
export function statusCheck(
  request: Request,
  answer: HttpAnswer,
  wanted: number | undefined,
  said: boolean,
): Check | undefined {
  const fits = wanted === undefined ? said || answer.status < ERRORS : answer.status === wanted;
  if (fits && wanted === undefined) return undefined;
  const facts = { kind: 'field', name: 'status' } as const;
  const what = `status of ${showRequest(request)}`;
  const found = showStatus(answer);
  if (fits) return { ...facts, what: `${what} is ${found}`, held: true };
  const body = answer.bytes > 0 ? `it says ${showBytes(answer.head)}` : 'it says nothing more';
  const expected = wanted === undefined ? `below ${ERRORS}` : String(wanted);
  return { ...facts, what, held: false, expected, found, why: body };
}
