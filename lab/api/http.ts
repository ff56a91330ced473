/** HTTP from a host, for a test: requests on one connection, and their answers. RFC 9110. */
import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type { AgentCalls, TlsSession } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { Family } from '../model/address.ts';
import { type Method, portOf } from '../scenario/values/http-values.ts';
import { requestsOf, schema, serverOf } from '../steps/http/arguments.ts';
import { tlsRequest } from '../steps/http/over-tls.ts';
import { requestOf } from '../steps/http/request.ts';
import type { Exchange } from './exchange.ts';
import { type ByFamily, bytesOf, GIVE_UP, type Patience } from './waiting.ts';

/** Bytes of a body that are kept. */
const KEPT = 1024 * 1024;

export interface HttpRequest {
  /** GET by default, POST with a body. */
  method?: Method;
  /** The path and the query; `/` by default. */
  path?: string;
  headers?: Record<string, string | number>;
  body?: string | Uint8Array;
}

export interface HttpOptions extends HttpRequest, Patience, ByFamily {
  /** Several requests on one connection, in place of one. */
  requests?: readonly HttpRequest[];
  /** For `https://`: a file of the host with the certificates that it trusts, in PEM; by default the CA of the lab. */
  ca?: string;
  /** Bytes of each body that are kept; 1 MiB by default. */
  keep?: number;
}

export interface HttpAnswer {
  status: number;
  reason: string;
  /** By their names in small letters. */
  headers: Record<string, string>;
  /** The body, or its beginning where it is longer than `keep`. */
  body: Buffer;
  /** The same as UTF-8. */
  text: string;
  /** Size and SHA-256 of the whole body. */
  bytes: number;
  sha256: string;
}

/** The last answer, and all of them in order; over TLS also its session. */
export type HttpResult = Exchange & HttpAnswer & { answers: readonly HttpAnswer[]; tls?: TlsSession };

type Resolve = (endpoint: string, defaultPort?: number, family?: Family) => Endpoint;

/** Throws LabError (`usage`) for a request that cannot be sent. A status is an answer, whatever it says. */
export async function httpFrom(
  agent: AgentCalls,
  resolve: Resolve,
  to: string,
  { giveUp = GIVE_UP, keep = KEPT, family, ...written }: HttpOptions,
): Promise<HttpResult> {
  const args = read({ ...written, to });
  const server = serverOf(args);
  const opened = Date.now();
  const remote = resolve(server.endpoint, portOf(server), family);
  const limit = patient(giveUp);
  const tls = tlsRequest(server, args.ca, remote.address);
  const connected = await agent.httpOpen({ to: remote, giveUp: limit, ...(tls && { tls }) });
  const { handle, local } = connected;
  const answers: HttpAnswer[] = [];
  try {
    for (const request of requestsOf(args)) {
      const asked = { handle, request: requestOf(request, server), keep, giveUp: limit };
      const { head, ...answer } = await agent.httpAsk(asked);
      const body = Buffer.from(head);
      answers.push({ ...answer, body, text: body.toString() });
    }
  } finally {
    await agent.close({ handle });
  }
  const { tls: session } = connected;
  return {
    ...{ transport: 'tcp', local, remote, opened, answers },
    ...answers.at(-1)!,
    ...(session && { tls: session }),
  };
}

function read({ requests, ...one }: HttpRequest & Pick<HttpOptions, 'requests'> & { to: string }) {
  const read = schema.safeParse({
    ...asWritten(one),
    ...(requests && { requests: requests.map(asWritten) }),
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const hint = issue?.code === 'custom' ? issue.params?.hint : undefined;
  const at = issue?.path.join('.');
  throw new LabError('usage', `http does not take this: ${at ? `${at}: ` : ''}${issue?.message}`, {
    ...(typeof hint === 'string' && { hint }),
  });
}

/** Bytes as a scenario writes them. */
function asWritten<Request extends HttpRequest>({ body, ...rest }: Request) {
  return {
    ...rest,
    ...(body !== undefined && { body: { hex: Buffer.from(bytesOf(body)).toString('hex') } }),
  };
}
