/** The bytes of an open file, written through one piece of memory: a new one for each part would cost as much as the copying. */
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

/** Memory that a download takes, for a file of any size. */
const PART_BYTES = 256 << 10;
/** Milliseconds: a read that takes longer has waited for a disk, and a thread can wait for the next ones. */
const WAITED_MS = 2;

/**
 * Writes the bytes from `start` up to `end`, each part when the one before is taken, and lets others have their turn in between.
 * Returns their number: fewer where the file is shorter, or where the output is gone. Throws where the file cannot be read.
 */
export async function writeBytes(
  file: FileHandle,
  output: Writable,
  start: number,
  end: number,
): Promise<number> {
  const part = Buffer.allocUnsafeSlow(Math.min(PART_BYTES, end - start));
  let wake = (): void => {};
  output.once('close', () => wake());
  let waits = false;
  let at = start;
  while (at < end && !output.destroyed) {
    const wanted = Math.min(part.length, end - at);
    const began = performance.now();
    // To ask a thread takes as long again as to read from memory.
    const count = waits
      ? (await file.read(part, 0, wanted, at)).bytesRead
      : readSync(file.fd, part, 0, wanted, at);
    waits ||= performance.now() - began > WAITED_MS;
    if (count === 0) break;
    at += count;
    await new Promise<void>((resolve) => {
      wake = resolve;
      output.write(part.subarray(0, count), () => resolve());
    });
    await turn();
  }
  return at - start;
}
