/** The program of a host gets a share of one processor, as on a machine that is too small or has too much to do. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import { name } from '../scenario/values/values.ts';
import { type FaultKind, standing } from './fault.ts';
import { running } from './program.ts';

/** A program gets its share in turns of 100 ms, and no kernel makes one shorter than 1 ms. */
const LEAST_PERCENT = 1;

const cpu = reading(
  (input) => {
    const [, number] = (typeof input === 'string' && /^(\d+(?:\.\d+)?) ?%$/.exec(input)) || [];
    if (number === undefined) {
      const bare = typeof input === 'number' ? `write ${input <= 1 ? input * 100 : input}%` : undefined;
      const what = bare ? `the share ${input} has no unit` : `${show(input)} is not a share of a processor`;
      return new Wrong(what, bare ?? 'write a number and %: 10%');
    }
    if (Number(number) >= LEAST_PERCENT && Number(number) <= 100) return Number(number) / 100;
    return new Wrong(
      `${input} is not a share that a program can have`,
      'a share is from 1% to 100% of one processor',
    );
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

function printShare(cpu: number): string {
  return `${Number((cpu * 100).toPrecision(6))}% of a processor`;
}
