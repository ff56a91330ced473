/** Tools that an agent starts by posix_spawn(3): they behave as those that Node's own `spawn` starts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Argv, ToolProcess } from '../../lab/agent/spawn.ts';
import { startTool } from '../../lab/init/tool-process.ts';

type Start = (argv: Argv) => ToolProcess;
const bySpawn: Start = ([file, ...args]) => spawn(file, args, { detached: true });

async function outcome(start: Start, argv: Argv, input = '') {
  const tool = start(argv);
  const closed = once(tool as never, 'close');
  const [out, errors] = [text(tool.stdout), text(tool.stderr)];
  tool.stdin.on('error', () => {}).end(input);
  const ended = await closed;
  // It was waited for, so nothing of it is left.
  expect(existsSync(`/proc/${tool.pid}`)).toBe(false);
  return { ended, out: await out, errors: await errors };
}

const LONG = 'a line of text\n'.repeat(100_000);

test.each<[string, Argv, string?]>([
  ['says on each stream what it says', ['sh', '-c', 'echo one; echo two >&2; exit 3']],
  ['gets what is longer than a pipe, and gives it back', ['cat'], LONG],
  ['need not read its input', ['true'], LONG],
  ['may close its streams before it ends', ['sh', '-c', 'exec >&- 2>&-; sleep 0.2; exit 4']],
  ['is ended by a signal', ['sh', '-c', 'kill -TERM $$']],
  ['is ended by a signal that Node itself ignores', ['sh', '-c', 'kill -PIPE $$']],
  ['has no other file open', ['sh', '-c', 'ls /proc/self/fd | wc -l']],
])('a tool %s', async (_, argv, input) => {
  expect(await outcome(startTool, argv, input)).toEqual(await outcome(bySpawn, argv, input));
});

test('a tool is alone in its session, and no signal is blocked', async () => {
  const script = "awk '/^SigBlk/ {print $2}' /proc/$$/status; awk '{print $1 == $6}' /proc/$$/stat";
  const { ended, out } = await outcome(startTool, ['sh', '-c', script]);
  expect([ended, out]).toEqual([[0, null], `${'0'.repeat(16)}\n1\n`]);
});

test.each([
  ['not there', 'lanlab-none'],
  ['no program', '/etc/passwd'],
])('a tool that is %s is the same error, and leaves no file open', async (_, file) => {
  const files = () => readdirSync('/proc/self/fd').length;
  const before = files();
  const [error] = await once(bySpawn([file]) as never, 'error');
  expect(() => startTool([file])).toThrow(
    expect.objectContaining({
      code: error.code,
      syscall: error.syscall,
      path: error.path,
      message: error.message,
    }),
  );
  await outcome(startTool, ['true']);
  await expect.poll(files).toBe(before);
});
