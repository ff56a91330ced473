/** One factor for every limit in seconds, and what is said where one was too short. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bePatient, currentPatience, patient, read } from '../../lab/agent/patience.ts';
import { EXIT_OF } from '../../lab/cli/exit-codes.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { start } from '../cli/command.ts';
import { type Staying, staying } from '../cli/staying.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();
const missing = lacking && `${lacking.why}; ${lacking.hint}`;

test('patience is a factor from 1 to 100, and no limit grows beyond what a timer can wait', () => {
  const before = currentPatience();
  try {
    bePatient(100);
    expect(patient(1_000)).toBe(100_000);
    expect(patient(24 * 3_600_000)).toBe(2 ** 31 - 1);
  } finally {
    bePatient(before);
  }
  expect(['1', '2.5', ' 100 '].map(read)).toEqual([1, 2.5, 100]);
  expect(['0.9', '101', '', 'x', '-1', undefined].map(read)).toEqual(Array(6).fill(undefined));
});

describeNeeding('netns', missing, 'a machine that is too slow for a limit', () => {
  let here: Staying;
  beforeAll(async () => {
    here = await staying();
  });
  afterAll(() => here[Symbol.asyncDispose]());

  /** Each takes a little longer than it may. */
  const SLOW: [what: string, scenario: string, exit: number, said: string][] = [
    [
      'a program that is ready late',
      'hosts: { aa: { networks: [lan], command: "sleep 1; echo ok; exec sleep 100", ready: { log: ok, within: 300ms } } }\nsteps: [{ at: aa, exec: "true" }]',
      EXIT_OF['not-ready'],
      'is not ready after 0.3 s, waiting for a line like /ok/',
    ],
    [
      'a command that is done late',
      'hosts: { aa: { networks: [lan] } }\nsteps: [{ at: aa, exec: { run: "sleep 1", give_up: 300ms } }]',
      1,
      'ETIMEDOUT',
    ],
    [
      'an answer that comes late',
      `hosts:
  aa: { networks: [lan] }
  srv: { networks: [lan], command: [node, -e, "require('net').createServer((s) => setTimeout(() => s.end('late'), 1000)).listen(8000)"], ready: { tcp: 8000 } }
steps: [{ at: aa, tcp: { to: "srv:8000" }, expect: { receive: late, within: 300ms } }]`,
      1,
      'no more in 300 ms',
    ],
  ];

  test.each(SLOW)(
    'is told of by %s, and done with --patience',
    async (_, text, exit, said) => {
      const file = await here.scenario('slow', `lab: slow\nnetworks: { lan: 10.147.1.0/24 }\n${text}\n`);
      const late = await here.lanlab('run', '--engine', 'netns', file);
      expect(late.stdout + late.stderr).toContain(said);
      expect(late.exit).toBe(exit);
      expect(await here.lanlab('run', '--engine', 'netns', '--patience', '20', file)).toMatchObject({
        exit: 0,
      });
      const env = { LANLAB_STATE: here.state, LANLAB_PATIENCE: '20' };
      expect(await start(['run', '--engine', 'netns', file], env).ended).toMatchObject({ exit: 0 });
    },
    60_000,
  );

  test('waits no longer where it is expected that nothing comes', async () => {
    const file = await here.scenario(
      'timeout',
      `lab: timeout
networks: { lan: 10.147.2.0/24 }
hosts: { aa: { networks: [lan] }, bb: { networks: [lan] } }
steps:
  - { fault: { cut: [aa, bb] } }
  - { at: aa, tcp: { to: "bb:9", give_up: 200ms }, expect: { fails: timeout } }
`,
    );
    const { exit, stdout } = await here.lanlab('run', '--engine', 'netns', '--patience', '10', file);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/after 2\d\d ms/) });
  });
});
