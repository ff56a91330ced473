/** The program of a host gets a share of one processor, as on a machine that is too small or has too much to do. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import { name } from '../scenario/values/values.ts';
import { type FaultKind, standing } from './fault.ts';
import { running } from './program.ts';

/** A program gets its share in turns of 100 ms, and no kernel makes one shorter than 1 ms. */
const LEAST_PERCENT = 1;
const RANGE = 'a share is from 1% to 100% of one processor';

const cpu = reading(
  (input) => {
    const [, number] = (typeof input === 'string' && /^(\d+(?:\.\d+)?) ?%$/.exec(input)) || [];
    if (number === undefined) {
      if (typeof input === 'number') return new Wrong(`the share ${input} has no unit`, hintOf(input));
      return new Wrong(`${show(input)} is not a share of a processor`, 'write a number and %: 10%');
    }
    if (isPercent(Number(number))) return Number(number) / 100;
    return new Wrong(`${input} is not a share that a program can have`, RANGE);
  },
  {
    title: 'share of a processor',
    type: 'string',
    pattern: '^\\d+(\\.\\d+)? ?%$',
    description: 'A share of one processor, from 1% to 100%: 10%.',
  },
);

const schema = z
  .strictObject({
    host: name.describe('The host whose program is slow.'),
    cpu: cpu.describe('The share of one processor that all processes of the program have together.'),
  })
  .describe('The host, and the share.');

export const slow: FaultKind<z.output<typeof schema>> = {
  word: 'slow',
  summary:
    'Gives the program of a host only a share of one processor. The network of the host is as fast as before.',
  example: 'fault: { slow: { host: echo, cpu: 10% }, as: busy }',
  schema,
  feature: 'signals',
  references: ({ host }) => [{ path: ['host'], is: 'program', value: host }],
  breaks: ({ host }) => ({
    path: ['host'],
    holds: [`the processor of \`${host}\``],
    state: 'slow',
    undo: 'heal',
  }),
  lacking({ host }, hosts) {
    const slowing = hosts.get(host)?.program?.slow;
    return typeof slowing === 'object' ? slowing : undefined;
  },
  explain: ({ host, cpu }) => `slow the program of ${host} down to ${printShare(cpu)}`,

  async begin({ host: name, cpu }, hosts) {
    const { program } = running(hosts, name);
    if (typeof program.slow !== 'function')
      throw new LabError('unsupported', `the program of ${name} cannot be slowed down here`);
    const { slow } = program;
    await slow(cpu);
    const did = `the program of ${name} has ${printShare(cpu)}`;
    return standing(did, { kind: 'host', host: name, what: 'cpu' }, async () => {
      await slow(undefined);
      return `the program of ${name} has all that there is`;
    });
  },
};

function isPercent(number: number): boolean {
  return number >= LEAST_PERCENT && number <= 100;
}

/** A number alone is percent, or the part of 1. */
function hintOf(bare: number): string {
  const percent = printPercent(bare <= 1 ? bare * 100 : bare);
  return isPercent(Number(percent)) ? `write ${percent}%` : RANGE;
}

function printShare(cpu: number): string {
  return `${printPercent(cpu * 100)}% of a processor`;
}

/** Without the digits that only the computer's fractions have: 7, not 7.000000000000001. */
function printPercent(percent: number): string {
  return String(Number(percent.toPrecision(6)));
}
