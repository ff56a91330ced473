/** The time as text: a strftime format in a datagram, the answer in another. */
import { z } from 'zod';
import { answerOf, attempt, begin } from '../outcomes/outcome.ts';
import { showBytes, showEndpoint } from '../outcomes/show.ts';
import { duration, endpoint, family } from '../scenario/values/values.ts';
import { giveUpAfter, reference } from './arguments.ts';
import type { StepKind } from './step.ts';

const PORT = 9000;

const schema = z.strictObject({
  to: endpoint.describe('The time server. Its port is 9000 where none is written.'),
  family: family.exactOptional(),
  format: z
    .string()
    .exactOptional()
    .describe('A strftime format, "%H:%M" for example. Without it the server uses its own.'),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the answer before it fails as `timeout` (5s by default).'),
});

type TimeArgs = z.output<typeof schema>;

export const time: StepKind<TimeArgs> = {
  word: 'time',
  summary: 'Asks a server for the time, over UDP: a strftime format goes there, the time as text comes back.',
  example: 'time: { to: clock, format: "%Y-%m-%d" }',
  fields: ['text', 'local_port'],
  schema,

  references: (args) => reference('to', 'endpoint', args.to, { defaultPort: PORT, family: args.family }),

  explain: (args, step) => `${step.at} asks ${args.to} for the time`,

  async run(args, step, context) {
    const to = context.resolve(args.to, PORT, args.family);
    const format = args.format ?? '';
    const asked = `asked for ${format === '' ? 'the default format' : showBytes(Buffer.from(format))}`;
    const outcome = begin(`time ${context.host.name} > ${showEndpoint(to)}, ${asked}`);
    outcome.target = { transport: 'udp', ...to };
    return attempt(outcome, async () => {
      const { local, text } = await context.host.agent.time({ to, format, giveUp: giveUpAfter(args, step) });
      outcome.did = `time ${showEndpoint(local)} > ${showEndpoint(to)}, ${asked}, got ${showBytes(Buffer.from(text))}`;
      outcome.tuple = { transport: 'udp', local, remote: to };
      outcome.answer = answerOf(Buffer.from(text));
      outcome.fields = { text, local_port: local.port };
    });
  },
};
