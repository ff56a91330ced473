/** The clock that a host's time program tells is wrong: set ahead or behind, or going too fast or too slow. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import type { Host } from '../model/types.ts';
import { name } from '../scenario/values/values.ts';
import type { Objection } from '../scenario/vocabulary.ts';
import { type FaultKind, type LiveHosts, standing } from './fault.ts';
import { running } from './program.ts';

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** Three centuries either way, as the program itself allows. */
const MOST_MILLISECONDS = 10_000_000_000_000;
const MOST_TIME = 'a clock is wrong by three centuries at most';
const MOST_PPM = 500_000;
const MOST_RATE = `write at most ${MOST_PPM}ppm: half as fast again`;

const by = reading(
  (input) => {
    if (typeof input === 'number') {
      const hint = isTime(input * UNITS.s!) ? `write ${input}s` : MOST_TIME;
      return new Wrong(`the time ${input} has no unit`, hint);
    }
    const [, sign, number, unit = ''] =
      (typeof input === 'string' && /^([+-]?)(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/.exec(input)) || [];
    if (number === undefined)
      return new Wrong(
        `${show(input)} is no time by which a clock is wrong`,
        'write a number and us, ms, s, m, h or d: 3600s, -250ms, 2d',
      );
    const milliseconds = Number(number) * UNITS[unit]! * (sign === '-' ? -1 : 1);
    return isTime(milliseconds) ? milliseconds : new Wrong(`${input} is too much`, MOST_TIME);
  },
  {
    title: 'time with a sign',
    type: 'string',
    pattern: '^[+-]?\\d+(\\.\\d+)?(us|ms|s|m|h|d)$',
    description: 'A time with its unit, ahead or (with a minus) behind: 3600s, -250ms, 2d.',
  },
);

const rate = reading(
  (input) => {
    if (typeof input === 'number')
      return new Wrong(`the rate ${input} has no unit`, isRate(input) ? `write ${input}ppm` : MOST_RATE);
    const [, number] = (typeof input === 'string' && /^([+-]?\d+(?:\.\d+)?) ?ppm$/.exec(input)) || [];
    if (number === undefined)
      return new Wrong(
        `${show(input)} is not the rate of a clock`,
        'write parts per million: 100ppm, or -20ppm for a clock that is too slow',
      );
    return isRate(Number(number)) ? Number(number) : new Wrong(`${input} is too much`, MOST_RATE);
  },
  {
    title: 'rate of a clock',
    type: 'string',
    pattern: '^[+-]?\\d+(\\.\\d+)? ?ppm$',
    description:
      'Parts per million by which a clock goes too fast or (with a minus) too slow: 100ppm, -20ppm.',
  },
);

function isTime(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= MOST_MILLISECONDS;
}

function isRate(ppm: number): boolean {
  return Math.abs(ppm) <= MOST_PPM;
}

const schema = z
  .strictObject({
    host: name.describe('The host whose program is `time`.'),
    by: by.optional().describe('The time by which its clock is ahead.'),
    rate: rate.optional().describe('How much too fast its clock goes.'),
  })
  .refine(({ by, rate }) => by !== undefined || rate !== undefined, {
    error: 'a clock is wrong `by` a time, or goes at a wrong `rate`',
    params: { hint: 'write by: 3600s, rate: 100ppm, or both' },
  })
  .describe('The host, and how its clock is wrong.');

type Skewed = z.output<typeof schema>;

export const skew: FaultKind<Skewed> = {
  word: 'skew',
  summary: 'Makes the clock wrong that the `time` program of a host tells. The kernel keeps its own clock.',
  example: 'fault: { skew: { host: clock, by: 3600s }, as: late }',
  schema,
  references: ({ host }) => [{ path: ['host'], is: 'program', value: host }],
  objections: ({ host }, hosts) => notTime(host, hosts),
  breaks: ({ host }) => ({
    path: ['host'],
    holds: [`the clock of \`${host}\``],
    state: 'skewed',
    undo: 'heal',
  }),
  explain: (skewed) => `skew the clock of ${skewed.host} ${printSkew(skewed)}`,

  async begin(skewed, hosts) {
    const { host, by = 0, rate = 0 } = skewed;
    if ((await set(host, hosts, { by, drift: rate })) === 'none')
      throw new LabError('scenario', `the program of ${host} has no clock that can be set`, {
        hint: 'use a host whose program is `service: time`',
      });
    const did = `the clock that ${host} tells is wrong ${printSkew(skewed)}`;
    return standing(did, { kind: 'host', host, what: 'clock' }, async () => {
      const { ended } = hosts.get(host)!;
      const done = ended ? 'none' : await set(host, hosts, { by: 0, drift: 0 });
      return done === 'set'
        ? `the clock that ${host} tells is right`
        : `the clock of ${host} is not told any more`;
    });
  },
};

async function set(
  host: string,
  hosts: LiveHosts,
  to: { by: number; drift: number },
): Promise<'set' | 'none'> {
  const { agent, paused } = running(hosts, host);
  if (!paused) return agent.skewClock(to);
  throw new LabError('scenario', `the program of ${host} is paused, so its clock cannot be set`, {
    hint: `resume it first: \`resume: ${host}\``,
  });
}

function notTime(name: string, hosts: ReadonlyMap<string, Host>): Objection[] {
  const program = hosts.get(name)?.program;
  if (!program || (program.kind === 'service' && program.service === 'time')) return [];
  const clocks = [...hosts.values()].filter(
    ({ program }) => program?.kind === 'service' && program.service === 'time',
  );
  const names = clocks.map((host) => host.name).join(', ');
  return [
    {
      path: ['host'],
      message: `the program of \`${name}\` is not \`time\`, so it tells no clock`,
      hint: names ? `name a host whose program is \`time\`: ${names}` : 'give a host `service: time`',
    },
  ];
}

/** `by 3600000 ms`, `by 20 ppm` */
function printSkew({ by, rate }: Skewed): string {
  const parts = [
    ...(by === undefined ? [] : [`by ${by > 0 ? '+' : ''}${printTime(by)}`]),
    ...(rate === undefined ? [] : [`by ${rate > 0 ? '+' : ''}${rate} ppm`]),
  ];
  return parts.join(' and ');
}

function printTime(milliseconds: number): string {
  return Math.abs(milliseconds) >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}
