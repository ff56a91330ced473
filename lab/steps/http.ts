/** Requests over HTTP/1.1, on one connection of TCP or TLS: the answers' status, headers and bodies. RFC 9110 and RFC 9112. */
import type { HttpAnswer } from '../agent/protocol.ts';
import { patience } from '../expectations/expectation.ts';
import { receiveAnswer } from '../expectations/reading.ts';
import { Wrong } from '../model/reading.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { attempt, beginExplained, tell } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { portOf, readWebTarget } from '../scenario/values/http-values.ts';
import { giveUpAfter, reference, TWO_ENDS } from './arguments.ts';
import { answerIn, fieldsOf, showAnswer, statusCheck } from './http/answer.ts';
import { type Entry, type HttpArgs, requestsOf, schema, serverOf } from './http/arguments.ts';
import { objectionsTo, tlsRequest } from './http/over-tls.ts';
import { requestOf, showRequest } from './http/request.ts';
import type { StepKind } from './step.ts';

/** Bytes of a body that are brought here to be compared; of the rest only number and hash. */
const KEPT = 1024 * 1024;

export const http: StepKind<HttpArgs> = {
  word: 'http',
  summary:
    'Sends HTTP/1.1 requests to a server, over TLS for `https://`, and reads the answers. Redirects are not followed. ' +
    '`receive` looks at the body. A status of 400 or more makes the step fail, unless `fields` or `status` says which one comes. ' +
    'The headers of the answer are fields, too, by their names in small letters.',
  example: 'http: { to: "web:8080", path: /hello }',
  fields: [
    ...['status', 'reason', 'bytes', 'sha256'],
    ...['local_address', 'local_port', 'remote_address', 'remote_port'],
    ...['tls', 'cipher', 'server_name', 'signed_by'],
  ],
  schema,

  references({ to, family }) {
    // A step with other faults may have none.
    const server = typeof to === 'string' ? readWebTarget(to) : undefined;
    if (!server || server instanceof Wrong) return [];
    const { endpoint, part } = server;
    const options = { defaultPort: portOf(server), family, single: TWO_ENDS };
    return reference('to', 'endpoint', endpoint, options).map((one) => ({ ...one, part }));
  },

  objections: (args, hosts) => objectionsTo(args, hosts),

  explain(args, step) {
    const all = requestsOf(args);
    const [first] = all;
    const what = all.length === 1 ? showRequest(first!) : `${all.length} requests`;
    return `${schemeOf(args)} ${step.at} > ${serverOf(args).endpoint}, ${what}`;
  },

  async run(args, step, context) {
    const outcome = beginExplained(this.explain(args, step));
    await attempt(outcome, () => converse(args, step, outcome, context));
    context.keys.push(...(outcome.failure?.keys ?? []));
    return outcome;
  },
};

async function converse(args: HttpArgs, step: Step, outcome: Outcome, context: StepContext): Promise<void> {
  const server = serverOf(args);
  const to = context.resolve(server.endpoint, portOf(server), args.family);
  const tls = tlsRequest(server, args.ca, to.address);
  const { agent } = context.host;
  const giveUp = giveUpAfter(args, step);
  outcome.target = { transport: 'tcp', ...to };
  if (tls) outcome.tls = tls;
  const scheme = schemeOf(args);
  tell(outcome, `${scheme} ${context.host.name} > ${showEndpoint(to)}`);
  const opened = await agent.httpOpen({ to, giveUp, ...(tls && { tls }) });
  const { handle, local, remote, tls: session, keys = [] } = opened;
  context.keys.push(...keys);
  try {
    outcome.opened = true;
    outcome.tuple = { transport: 'tcp', local, remote };
    tell(outcome, `${scheme} ${showEndpoint(local)} > ${showEndpoint(remote)}`);
    const ends = { local, remote, ...(session && { session }) };
    const all = requestsOf(args);
    for (const [index, one] of all.entries()) {
      outcome.did += `, ${showRequest(one)}`;
      outcome.fields = fieldsOf(ends);
      delete outcome.answer;
      outcome.http = { path: one.path ?? '/' };
      const request = requestOf(one, server);
      const answer = await agent.httpAsk({ handle, request, keep: KEPT, giveUp });
      outcome.did += `, got ${showAnswer(answer)}`;
      outcome.answer = answerIn(answer);
      outcome.http.status = answer.status;
      outcome.fields = fieldsOf(ends, answer);
      const isLast = index === all.length - 1;
      outcome.checks.push(...(await checksOf(one, answer, isLast && saysStatus(step), step)));
      if (outcome.checks.some(({ held }) => !held)) return;
    }
  } finally {
    await agent.close({ handle });
  }
}

async function checksOf(one: Entry, answer: HttpAnswer, said: boolean, step: Step): Promise<Check[]> {
  const status = statusCheck(one, answer, one.status, said);
  if (status?.held === false) return [status];
  const body = one.receive && (await receiveAnswer(answerIn(answer), one.receive, patience(step)));
  return [...(status ? [status] : []), ...(body ? [body] : [])];
}

function schemeOf(args: HttpArgs): 'http' | 'https' {
  return serverOf(args).tls ? 'https' : 'http';
}

/** The step itself says which status comes last. */
function saysStatus({ expect }: Step): boolean {
  return expect.some(({ kind, value }) => kind === 'fields' && 'status' in (value as object));
}
