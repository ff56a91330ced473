/** Commands that the agent runs on its host: their input, output, exit codes, time limits and end. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tool } from '../../lab/agent/tool.ts';
import { agentHere, failureOf, LONG, text } from './setting.ts';

const sh = (script: string) => ['sh', '-c', script] as [string, ...string[]];

test('a command gives its exit code, both outputs, and gets its input and environment', async () => {
  const { exec } = agentHere();
  const argv = sh('cat; echo "$WHO" >&2; exit 3');
  const result = await exec({ argv, env: { WHO: 'alice' }, stdin: Buffer.from('in'), giveUp: LONG });
  expect({ ...result, stdout: text(result.stdout), stderr: text(result.stderr) }).toEqual({
    exit: 3,
    signal: null,
    stdout: 'in',
    stderr: 'alice\n',
    truncated: false,
    said: { stdout: 2, stderr: 6 },
  });
});

test('a command ended by a signal says which', async () => {
  const { exec } = agentHere();
  expect(await exec({ argv: sh('kill -TERM $$'), giveUp: LONG })).toMatchObject({
    exit: null,
    signal: 'SIGTERM',
  });
});

test('a program that is not there is a failure with the kernel’s word for it', async () => {
  const { exec } = agentHere();
  expect(await failureOf(exec({ argv: ['no-such-program'], giveUp: LONG }))).toMatchObject({
    kind: 'other',
    errno: 'ENOENT',
    message: expect.stringContaining('no-such-program'),
  });
});

test('what cannot even be tried is a failure, not an exception', async () => {
  const { exec } = agentHere();
  await failureOf(exec({ argv: [], giveUp: LONG }));
  await failureOf(exec({ argv: ['true', 'x'.repeat(5_000_000)], giveUp: LONG }));
});

test('a command that does not read its input ends all the same', async () => {
  const { exec } = agentHere();
  expect(await exec({ argv: ['true'], stdin: Buffer.alloc(1_000_000), giveUp: LONG })).toMatchObject({
    exit: 0,
  });
});

test('output beyond 1 MiB is dropped, and said to be', async () => {
  const { exec } = agentHere();
  const { stdout, truncated, said } = await exec({ argv: sh('head -c 3000000 /dev/zero'), giveUp: LONG });
  expect([stdout.length, truncated, said.stdout]).toEqual([1024 * 1024, true, 3_000_000]);
});

test('a tool whose output is cut fails rather than saying half', async () => {
  await expect(tool(sh('head -c 3000000 /dev/zero'))).rejects.toThrow(/more than 1048576 bytes/);
});

test('a tool that fails says so in its own words', async () => {
  await expect(tool(sh('echo no such card >&2; exit 1'))).rejects.toThrow(/sh -c .*: no such card/);
});

test('a command that is in no folder of PATH is not there', async () => {
  const { exec } = agentHere();
  const failed = await failureOf(exec({ argv: ['no-such-command'], giveUp: LONG }));
  expect(failed).toMatchObject({ errno: 'ENOENT' });
});

test('a command past its time is ended with all it started', async () => {
  const { exec } = agentHere();
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-exec-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // The pipe's other end is open until the last process that holds it is gone.
  execFileSync('mkfifo', [join(folder, 'held')]);
  const gone = readFile(join(folder, 'held'), 'utf8');
  const argv = sh('exec 3>held; echo started >&3; sleep 1000 & wait');
  const failed = await failureOf(exec({ argv: ['env', '-C', folder, ...argv], giveUp: 1500 }));
  expect(failed).toMatchObject({ kind: 'timeout', syscall: 'exec env' });
  expect(await gone).toBe('started\n');
});

test('giving up at once is giving up', async () => {
  const { exec } = agentHere();
  expect(await failureOf(exec({ argv: ['sleep', '1000'], giveUp: 0 }))).toMatchObject({ kind: 'timeout' });
});

test('commands that still run end with the agent', async () => {
  const agent = agentHere();
  const running = agent.exec({ argv: ['sleep', '1000'], giveUp: LONG });
  await agent.closeAll();
  expect(await running).toMatchObject({ signal: 'SIGKILL' });
});
