/** An output that takes nothing: the reason is told, and the command does not end as if all had been said. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT_OF } from '../../lab/cli/exit-codes.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ROOT } from '../cli/command.ts';
import { type Staying, staying } from '../cli/staying.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();
const missing = lacking && `${lacking.why}; ${lacking.hint}`;
const FULL =
  'lanlab: standard output cannot be written: there is no room left where it goes\n' +
  '  hint: let it go to where there is room, and run it again\n';

let here: Staying;
beforeAll(async () => {
  here = await staying();
});
afterAll(() => here[Symbol.asyncDispose]());

/** By a shell: `"$@"` is the command. */
async function shell(script: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn('/bin/sh', ['-c', script, 'sh', join(ROOT, 'bin/lanlab'), ...args], {
    cwd: ROOT,
    env: { ...process.env, LANLAB_STATE: here.state, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, stdout, stderr };
}

test.each([
  [['ps']],
  [['--help']],
  [['validate', 'scenarios/01-lan.yaml']],
  [['compose', 'scenarios/01-lan.yaml']],
])('%s says that its output is full', async (args) => {
  expect(await shell('"$@" >/dev/full', args)).toEqual({ exit: EXIT_OF.machine, stdout: '', stderr: FULL });
});

test('a command that cannot find what it needs says what, and where it looked', async () => {
  const empty = await shell('"$@"', ['--version'], { PATH: '' });
  expect(empty).toMatchObject({ exit: 0, stderr: '' });
  expect(await shell('ulimit -n 20; "$@"', ['--version'])).toMatchObject({
    exit: EXIT_OF.machine,
    stderr: expect.stringContaining('too few files may be open at once here (20 a process)'),
  });
});

describeNeeding('netns', missing, 'a run', () => {
  const scenario = () =>
    here.scenario(
      'one',
      'lab: one\nnetworks: { lan: 10.147.5.0/24 }\nhosts: { aa: { networks: [lan] } }\nsteps: [{ at: aa, exec: "true" }]\n',
    );

  test('whose output is full says so, and is taken down', async () => {
    const { exit, stderr } = await shell('"$@" >/dev/full', ['run', '--engine', 'netns', await scenario()]);
    expect(exit).toBe(EXIT_OF.machine);
    expect(stderr).toContain(FULL);
  });

  test('whose report cannot be printed says so', async () => {
    const { exit, stderr } = await shell('"$@" >/dev/full', [
      'run',
      '--engine',
      'netns',
      '--json',
      '-',
      await scenario(),
    ]);
    expect(exit).toBe(EXIT_OF.machine);
    expect(stderr).toContain(FULL);
  });

  test('that nobody reads is interrupted', async () => {
    const { stdout } = await shell('{ "$@"; echo "$?" >&3; } 3>&1 | true', [
      'run',
      '--engine',
      'netns',
      await scenario(),
    ]);
    expect(stdout).toBe('');
  });

  test('goes on where only its progress cannot be written', async () => {
    const { exit, stdout } = await shell('"$@" 2>/dev/full', ['run', '--engine', 'netns', await scenario()]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('1 step held') });
  });

  test('says which tool is not in PATH', async () => {
    const { exit, stderr } = await shell('"$@"', ['run', '--engine', 'netns', await scenario()], {
      PATH: '/nowhere',
    });
    expect(exit).toBe(3);
    expect(stderr).toContain('there is no `unshare` in PATH (/nowhere:');
    expect(await shell('"$@"', ['run', '--engine', 'netns', await scenario()], { PATH: '' })).toMatchObject({
      exit: 0,
    });
  });
});
