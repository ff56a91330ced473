/** A file by name over TCP, to the end of the stream. */
import { z } from 'zod';
import type { Check } from '../outcomes/check.ts';
import { attempt, begin } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { duration, endpoint, family } from '../scenario/values/values.ts';
import { GIVE_UP, giveUpAfter, reference, TWO_ENDS } from './arguments.ts';
import type { StepKind } from './step.ts';

const PORT = 9000;

/** Bytes of a file that are brought here to be compared; of the rest only number and hash. */
const KEPT = 64 * 1024;

/** A server that has no such file says so by sending nothing (P7): no failure of the network, and no file either. */
const NO_FILE: Check = {
  kind: 'action',
  what: 'received a file',
  held: false,
  expected: 'bytes',
  found: 'nothing, then the end',
  why: 'the server sends nothing for a file that does not exist; if you expect that, write expect: { fields: { bytes: 0 } }',
};

const schema = z.strictObject({
  to: endpoint.describe('The file server. Its port is 9000 where none is written.'),
  family: family.exactOptional(),
  name: z.string().describe('The name of the file, as the server knows it.'),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the whole file before it fails as `timeout` (20s by default).'),
});

type DownloadArgs = z.output<typeof schema>;

export const download: StepKind<DownloadArgs> = {
  word: 'download',
  summary:
    'Asks a file server for a file and reads to the end. ' + '`receive` looks at the bytes or their sha256.',
  example: 'download: { to: files, name: big.bin }',
  fields: ['bytes', 'sha256', 'local_port'],
  schema,

  references: (args) =>
    reference('to', 'endpoint', args.to, { defaultPort: PORT, family: args.family, single: TWO_ENDS }),

  explain: (args, step) => `${step.at} downloads ${args.name} from ${args.to}`,

  async run(args, step, context) {
    const to = context.resolve(args.to, PORT, args.family);
    const asked = `asked for ${JSON.stringify(args.name)}`;
    const outcome = begin(`download ${context.host.name} > ${showEndpoint(to)}, ${asked}`);
    outcome.target = { transport: 'tcp', ...to };
    const giveUp = giveUpAfter(args, step, 4 * GIVE_UP);
    return attempt(outcome, async () => {
      const found = await context.host.agent.download({ to, name: args.name, keep: KEPT, giveUp });
      const { local, bytes, sha256 } = found;
      outcome.did = `download ${showEndpoint(local)} > ${showEndpoint(to)}, ${asked}, got ${bytes} bytes`;
      outcome.tuple = { transport: 'tcp', local, remote: to };
      outcome.opened = true;
      outcome.answer = { head: Buffer.from(found.head), bytes, sha256 };
      outcome.fields = { bytes, sha256, local_port: local.port };
      if (bytes === 0 && step.expect.length === 0) outcome.checks.push(NO_FILE);
    });
  },
};
