/** Events and ends of programs, read from files while they are written. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hear } from '../../lab/engines/compose/programs.ts';
import { tail } from '../../lab/engines/compose/tail.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-tail-'));
  path = join(folder, 'echo');
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** Lines as they come, and the moment when there are so many. */
function lines() {
  const all: string[] = [];
  const waiting: { count: number; resolve(): void }[] = [];
  return {
    all,
    take(line: string) {
      all.push(line);
      for (const one of waiting) if (all.length >= one.count) one.resolve();
    },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count, resolve });
        if (all.length >= count) resolve();
      }),
  };
}

test('lines that were there come first, then those that are appended', async () => {
  await writeFile(path, 'one\ntwo\n');
  const seen = lines();
  await using _ = tail(path, seen.take);
  await seen.until(2);
  await appendFile(path, 'three\nfo');
  await seen.until(3);
  await appendFile(path, 'ur\n');
  await seen.until(4);
  expect(seen.all).toEqual(['one', 'two', 'three', 'four']);
});

test('a file that comes later is read from its first line, and its neighbours are not', async () => {
  const seen = lines();
  await using _ = tail(path, seen.take);
  await writeFile(join(folder, 'echo2'), 'not this\n');
  await writeFile(path, 'one\n');
  await seen.until(1);
  expect(seen.all).toEqual(['one']);
});

test('a great deal at once comes whole and in order', async () => {
  const seen = lines();
  await using _ = tail(path, seen.take);
  const expected = Array.from({ length: 50_000 }, (_, n) => `line ${n} ${'x'.repeat(40)}`);
  for (let at = 0; at < expected.length; at += 5_000)
    await appendFile(path, `${expected.slice(at, at + 5_000).join('\n')}\n`);
  await seen.until(expected.length);
  expect(seen.all).toEqual(expected);
});

test('a program that could not start is heard to have ended, with its own words', async () => {
  const said: string[] = [];
  await using program = hear(path, { stdout: () => {}, stderr: (line) => said.push(line) });
  await writeFile(path, `${JSON.stringify({ time: '', event: 'failed', text: 'the port is in use' })}\n`);
  expect(await program.ended).toEqual({ exit: 1, signal: null });
  expect(said).toEqual(['the port is in use']);
});

test('a program that failed before and has now started is not heard to have ended, until it fails again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const line = (event: string) => `${JSON.stringify({ time: '', event, text: 'the port is in use' })}\n`;
  await writeFile(path, line('failed') + line('ready'));
  const seen = lines();
  await using program = hear(path, { stdout: seen.take, stderr: () => {} });
  let ended = false;
  const end = program.ended.then(() => {
    ended = true;
  });
  await seen.until(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toBe(false);
  await appendFile(path, line('failed'));
  await seen.until(3);
  await vi.advanceTimersByTimeAsync(60_000);
  await end;
});
