/** A pipe of the kernel's own, read as it fills. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPipe, PipeReader } from '../../lab/agent/pipe.ts';

/** Writes a million bytes, and says whenever the pipe is full. */
const WAITING = `
use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK);
my $left = 1_000_000;
while ($left > 0) {
  my $sent = syswrite STDOUT, 'x' x ($left < 1000 ? $left : 1000);
  if (defined $sent) { $left -= $sent; next }
  syswrite STDERR, 'full';
  vec(my $bits = '', fileno STDOUT, 1) = 1; select(undef, $bits, undef, undef);
}`;

/** Runs perl, which is there on every Debian, with the pipe as its output. */
async function piped(script: string, take: (bytes: Buffer) => void) {
  const { readable, writable } = await openPipe();
  const child = spawn('perl', ['-e', script], { stdio: ['ignore', writable, 'pipe'] });
  closeSync(writable);
  const over = Promise.withResolvers<void>();
  const reader = new PipeReader(readable, take, over.resolve);
  onTestFinished(() => {
    child.kill('SIGKILL');
    reader.close();
  });
  return { child, reader, over: over.promise };
}

describe('what is written into a pipe', () => {
  test('comes whole and in order, in a flood and after it, and its end too', async () => {
    const numbers = Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join('');
    const [hash, pieces] = [createHash('sha256'), [] as number[]];
    const { over } = await piped('for (0 .. 199_999) { syswrite STDOUT, "$_\\n" }', (bytes) => {
      hash.update(bytes);
      pieces.push(bytes.length);
    });
    await over;
    expect(pieces.reduce((sum, size) => sum + size, 0)).toBe(numbers.length);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(numbers).digest('hex'));
  });

  test('waits while the reader holds it, and comes when it goes on', async () => {
    let size = 0;
    const began = Promise.withResolvers<void>();
    const { child, reader, over } = await piped(WAITING, (bytes) => {
      if (size === 0) reader.hold();
      size += bytes.length;
      began.resolve();
    });
    await began.promise;
    const first = size;
    await once(child.stderr!, 'data');
    // Meanwhile much could have come.
    for (let times = 0; times < 10; times++) await once(spawn('true'), 'close');
    expect(size).toBe(first);
    reader.go();
    await over;
    expect(size).toBe(1_000_000);
  });

  test('leaves no name in /tmp', async () => {
    const { readable, writable } = await openPipe();
    expect((await readdir('/tmp')).filter((name) => name.startsWith('lanlab-pipe-'))).toEqual([]);
    closeSync(readable);
    closeSync(writable);
  });
});
