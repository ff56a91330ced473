/** The time by NTP, and how far the server's clock is from this host's. RFC 5905. */
import { z } from 'zod';
import { attempt, begin } from '../outcomes/outcome.ts';
import { showEndpoint, showTime } from '../outcomes/show.ts';
import { duration, endpoint, family } from '../scenario/values/values.ts';
import { giveUpAfter, reference } from './arguments.ts';
import type { StepKind } from './step.ts';

const PORT = 123;

const schema = z.strictObject({
  to: endpoint.describe('The NTP server. Its port is 123 where none is written.'),
  family: family.exactOptional(),
  version: z
    .union([z.literal(3), z.literal(4)], { error: 'the NTP version is 3 or 4' })
    .exactOptional()
    .describe('The version of the protocol. 4 is the default.'),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the answer before it fails as `timeout` (5s by default).'),
});

type NtpArgs = z.output<typeof schema>;

export const ntp: StepKind<NtpArgs> = {
  word: 'ntp',
  summary:
    'Asks an NTP server (RFC 5905). The fields offset, delay and root_dispersion are in seconds. ' +
    'A kiss-o’-death, which is sent to a host that asks too often, is the failure `refused`.',
  example: 'ntp: { to: clock }',
  fields: [
    'stratum',
    'offset',
    'delay',
    'version',
    'leap',
    'mode',
    'precision',
    'reference_id',
    'root_dispersion',
    'local_port',
  ],
  schema,

  references: (args) => reference('to', 'endpoint', args.to, { defaultPort: PORT, family: args.family }),

  explain: (args, step) => `${step.at} asks ${args.to} by NTP`,

  async run(args, step, context) {
    const to = context.resolve(args.to, PORT, args.family);
    const version = args.version ?? 4;
    const outcome = begin(`ntp ${context.host.name} > ${showEndpoint(to)}, version ${version}`);
    outcome.target = { transport: 'udp', ...to };
    return attempt(outcome, async () => {
      const answer = await context.host.agent.ntp({ to, version, giveUp: giveUpAfter(args, step) });
      const { local, referenceId, rootDispersion, ...rest } = answer;
      const clocks = `offset ${showTime(Math.abs(answer.offset) * 1000)}, delay ${showTime(answer.delay * 1000)}`;
      outcome.did = `ntp ${showEndpoint(local)} > ${showEndpoint(to)}, version ${version}: stratum ${answer.stratum}, ${clocks}`;
      outcome.tuple = { transport: 'udp', local, remote: to };
      outcome.fields = {
        ...rest,
        reference_id: referenceId,
        root_dispersion: rootDispersion,
        local_port: local.port,
      };
    });
  },
};
