/** The options of `lanlab run`: `--filter`, `--jobs`, and a reader that goes away. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { loadScenario, loadScenarioFile } from '../../lab/scenario/load.ts';
import { selectSteps } from '../../lab/scenario/steps/select-steps.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { describeNeeding } from '../needs.ts';
import { descendants, lanlab, ROOT, running, start } from './command.ts';

const LAN = join(ROOT, 'scenarios/01-lan.yaml');

const TALK = `
lab: talk
networks: { office: 10.83.1.0/24 }
hosts: { echo: { service: tcp-echo, networks: [office] }, alice: { networks: [office] } }
steps:
  - { name: alice calls, at: alice, tcp: { to: "echo:9000", as: call } }
  - { name: bystander, at: alice, exec: "true" }
  - { name: she speaks, at: alice, tcp: { use: call, send: hello }, expect: { receive: HELLO }, shows: [P2] }
`;

describe('a filter', () => {
  const names = (filter: string) =>
    selectSteps(loadScenario(TALK, 'talk.yaml', vocabulary), [filter], vocabulary).steps.map(
      ({ name }) => name,
    );

  test('takes the steps whose name holds the text, in any case', () => {
    expect(names('BYSTAND')).toEqual(['bystander']);
  });
  test('takes the steps that show a claim, and those that open the conversations they use', () => {
    expect(names('p2')).toEqual(['alice calls', 'she speaks']);
  });
  test('that matches nothing is an error which says what there is', () => {
    expect(() => names('C9')).toThrow('no step of talk.yaml matches "C9"');
  });
  test('leaves the faults that stand before the last step taken', async () => {
    const faults = await loadScenarioFile(join(ROOT, 'scenarios/03-faults.yaml'), vocabulary);
    const last = faults.steps.at(-1)!;
    const broken = faults.steps.filter(({ kind, index }) => kind === 'fault' && index < last.index);
    const taken = selectSteps({ ...faults }, [last.name!], vocabulary).steps;
    expect(taken.filter(({ kind }) => kind === 'fault')).toEqual(broken);
  });
});

describeNeeding('netns', (await netnsEngine().probe()).lacking?.why, 'the options of run', () => {
  let folder: string;
  let talk: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-options-'));
    talk = join(folder, 'talk.yaml');
    await writeFile(talk, TALK);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('--filter does the steps asked for, under their own numbers', async () => {
    const { exit, stdout } = await lanlab('run', talk, '--engine', 'netns', '--filter', 'speaks');
    expect(stdout.match(/^✓ +\d+ .*(?= \()/gm)).toEqual(['✓  1 alice calls', '✓  3 she speaks']);
    expect(exit).toBe(0);
  });

  test('--filter that matches nothing fails before anything starts', async () => {
    const { exit, stdout, stderr } = await lanlab('run', talk, '--engine', 'netns', '--filter', 'whispers');
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `lanlab: no step of ${talk} matches "whispers"\n  hint: give a part of a step's name, or one of its claims: P2\n`,
    );
  });

  test('--jobs runs scenarios side by side and prints each whole', async () => {
    const { exit, stdout } = await lanlab('run', talk, talk, talk, '--engine', 'netns', '--jobs', '3');
    expect(exit).toBe(0);
    const heads = stdout.split('\n').filter((line) => line === 'talk' || / checks, on /.test(line));
    expect(heads.map((line) => (line === 'talk' ? 'head' : 'sum'))).toEqual([
      'head',
      'sum',
      'head',
      'sum',
      'head',
      'sum',
    ]);
  });

  test('one scenario that cannot be run does not keep the others from it', async () => {
    const image = join(folder, 'image.yaml');
    await writeFile(image, TALK.replace('service: tcp-echo', 'image: no-such-image'));
    const { exit, stdout, stderr } = await lanlab('run', image, talk, '--engine', 'netns');
    expect(exit).toBe(3);
    expect(stderr).toContain('cannot run this');
    expect(stdout).toContain('3 steps held');
  });

  test('a reader that goes away ends the run in order, without a crash', async () => {
    const long = join(folder, 'long.yaml');
    await writeFile(long, `${TALK}  - { name: long, at: alice, exec: sleep 30 }\n`);
    const command = start(['run', long, '--engine', 'netns']);
    await command.printed('alice calls');
    const below = descendants(command.pid);
    command.child.stdout!.destroy();
    const { exit, stderr } = await command.ended;
    expect(exit).toBe(130);
    expect(stderr).not.toContain(' at ');
    await expect.poll(() => running(below), { timeout: 10_000 }).toEqual([]);
  }, 60_000);

  test('--watch runs again when the file changes, also after one that is wrong, and ends with Ctrl-C', async () => {
    const watched = join(folder, 'watched.yaml');
    await writeFile(watched, TALK);
    const command = start(['run', watched, '--engine', 'netns', '--watch']);
    await command.printed('3 steps held');
    await command.complained('waiting for a change');
    await writeFile(watched, TALK.replace('hosts:', 'hots:'));
    await command.complained('did you mean `hosts`');
    await command.complained('waiting for a change', 2);
    await writeFile(watched, TALK.replace('receive: HELLO', 'receive: HELLO2, within: 100ms'));
    await command.printed('✗ received "HELLO2"');
    await command.complained('waiting for a change', 3);
    command.child.kill('SIGINT');
    expect((await command.ended).exit).toBe(1);
  }, 60_000);
});

test('a scenario without steps is no green run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-empty-'));
  const file = join(folder, 'empty.yaml');
  await writeFile(file, TALK.slice(0, TALK.indexOf('steps:')));
  const { exit, stderr } = await lanlab('run', file);
  expect([exit, stderr]).toEqual([
    2,
    `lanlab: ${file} has no steps: there is nothing to check\n  hint: write steps, or bring it up to look around: lanlab up ${file}\n`,
  ]);
  await rm(folder, { recursive: true });
});

test('a first scenario is written, is right, and is never written over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-init-'));
  const file = join(folder, 'lab.yaml');
  expect(await lanlab('init', file)).toMatchObject({
    exit: 0,
    stdout: `${file} is written; run it: lanlab run ${file}\n`,
  });
  expect((await loadScenarioFile(file, vocabulary)).steps).toHaveLength(3);
  await writeFile(file, 'mine');
  expect(await lanlab('init', file)).toMatchObject({
    exit: 2,
    stderr: `lanlab: ${file} is there already, and is left as it is\n  hint: name another file\n`,
  });
  await rm(folder, { recursive: true });
});

test('reading a scenario starts nothing', async () => {
  const { exit, stdout } = await lanlab('validate', LAN);
  expect([exit, stdout]).toEqual([0, `${LAN}: lan is right (1 network, 8 hosts, 50 steps)\n`]);
});

test('a scenario that is right is told with the numbers of its links, presets written out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-links-'));
  const file = join(folder, 'far.yaml');
  await writeFile(
    file,
    'lab: far\nnetworks: { lan: 10.83.1.0/24 }\nhosts: { alice: { networks: { lan: { link: transatlantic } } } }\n',
  );
  const { stdout } = await lanlab('validate', file);
  await rm(folder, { recursive: true });
  expect(stdout.split('\n').slice(1)).toEqual([
    '  alice.lan  delay 40 ms each way',
    '             round trip 80 ms',
    '',
  ]);
});
