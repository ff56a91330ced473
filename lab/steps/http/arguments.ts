/** The arguments of the step http: a server, and one request or a list of them. */
import { z } from 'zod';
import { receiving } from '../../expectations/receiving.ts';
import { Wrong } from '../../model/reading.ts';
import { readWebTarget, type WebTarget, webTarget } from '../../scenario/values/http-values.ts';
import { duration, family } from '../../scenario/values/values.ts';
import { REQUEST, type Request, withFittingBody } from './request.ts';

const entry = z
  .strictObject({
    ...REQUEST,
    status: z
      .int()
      .min(100, 'a status is a number from 100 to 599')
      .max(599, 'a status is a number from 100 to 599')
      .exactOptional()
      .describe('The status that its answer has.'),
    receive: receiving
      .exactOptional()
      .describe('The body of its answer. It takes the same as `receive` under `expect`.'),
  })
  .superRefine(withFittingBody);

const caFile = z.string().regex(/^\/[\x20-\x7e]+$/, 'the path of a file begins with /');

export const schema = z
  .strictObject({
    to: webTarget.describe(
      'The server. Its port is 80 where none is written, and 443 for `https://`. A URL may bring the path, too.',
    ),
    family: family.exactOptional(),
    ca: caFile
      .exactOptional()
      .describe(
        'For `https://`: a file of the host with the certificates that it trusts, in PEM, by its absolute path. By default it trusts the CA of the lab.',
      ),
    ...REQUEST,
    requests: z
      .array(entry)
      .min(1, 'a list without requests does nothing')
      .exactOptional()
      .describe(
        'Several requests on one connection, each when the answer before it has come. ' +
          'The step looks at `status` and `receive` of each in order; `expect` looks at the last answer.',
      ),
    give_up: duration
      .exactOptional()
      .describe('How long it waits for each answer before it fails as `timeout` (5s by default).'),
  })
  .superRefine(withFittingBody)
  .superRefine((args, context) => {
    const single = (['method', 'path', 'headers', 'body'] as const).filter((key) => args[key] !== undefined);
    if (args.requests !== undefined && single.length > 0) {
      const message = `${single.join(' and ')} would be a request of its own beside \`requests\``;
      const hint = 'write it into the entries of the list: requests: [{ path: /a }, { path: /b }]';
      context.addIssue({ code: 'custom', message, path: [single[0]!], params: { hint } });
    }
    const url = typeof args.to === 'string' ? readWebTarget(args.to) : undefined;
    if (url && !(url instanceof Wrong) && !url.tls && args.ca !== undefined) {
      const params = { hint: `write to: "https://${url.endpoint}", or leave \`ca\` out` };
      context.addIssue({ code: 'custom', message: '`ca` goes with https://', path: ['ca'], params });
    }
    if (!url || url instanceof Wrong || url.path === undefined) return;
    if (args.path === undefined && args.requests === undefined) return;
    const other = args.path === undefined ? 'requests' : 'path';
    const message = `the URL has a path, and \`${other}\` has one, too`;
    const hint = `write to: "${url.tls ? 'https' : 'http'}://${url.endpoint}"`;
    context.addIssue({ code: 'custom', message, path: ['to'], params: { hint } });
  });

export type HttpArgs = z.output<typeof schema>;

/** A request, and what its answer is to be. */
export interface Entry extends Request {
  status?: number;
  receive?: z.output<typeof receiving>;
}

export function serverOf({ to }: HttpArgs): WebTarget {
  const server = readWebTarget(to);
  if (server instanceof Wrong) throw new Error(`checked by the schema: ${server.what}`);
  return server;
}

export function requestsOf(args: HttpArgs): Entry[] {
  if (args.requests) return args.requests;
  const { method, headers, body } = args;
  const path = args.path ?? serverOf(args).path;
  return [
    {
      ...(method && { method }),
      ...(path !== undefined && { path }),
      ...(headers && { headers }),
      ...(body && { body }),
    },
  ];
}
