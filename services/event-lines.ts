/** Events as lines of JSON on an output, in batches: many events cost one write and one wake of the reader. */
import type { Writable } from 'node:stream';
import { isoMicroseconds, nowMicroseconds } from './clock.ts';
import { lineOf } from './event-line.ts';
import type { EventWriter } from './events.ts';
import { LONGEST_MESSAGE_LINE, writeMessageLine } from './message-line.ts';

export interface EventLines extends EventWriter {
  /** Resolves when everything waiting is written, or after `milliseconds` if nobody reads. */
  flush(milliseconds: number): Promise<void>;
}

/**
 * Milliseconds from one write to the next at least. A write and the wake of its reader cost as much as many events, so those
 * of a busy program go out together. The first event after a pause goes out at once.
 */
const PAUSE_MS = 1;
/** Bytes for lines at first. */
const FEW = 1 << 14;

/**
 * Writes the lines of events. The bytes that `output` gets stay as they are until it says that it has written them, and no longer.
 *
 * While the reader is slow, somewhat more than `limit` bytes wait at most. Later lines are dropped and counted, and
 * `{"event":"dropped","count":n}` stands in their place once there is room.
 */
export function eventLines(output: Writable, limit = 1 << 20): EventLines {
  /** Lines are put into the first while the second is written. */
  let waiting = Buffer.allocUnsafeSlow(FEW);
  let other = Buffer.allocUnsafeSlow(FEW);
  let size = 0;
  let dropped = 0;
  let busy = false;
  let gone = false;
  let last = Number.NEGATIVE_INFINITY;
  let idle: (() => void)[] = [];
  // A reader that went away (EPIPE) ends the events, not the program.
  output.on('error', () => {
    gone = true;
    rest();
  });

  function rest(): void {
    busy = false;
    for (const done of idle) done();
    idle = [];
  }
  function next(): void {
    if (gone || (size === 0 && dropped === 0)) {
      rest();
      return;
    }
    busy = true;
    const pause = last + PAUSE_MS - performance.now();
    if (pause > 0) setTimeout(batch, pause);
    // Everything of one turn of the event loop goes out in one write.
    else setImmediate(batch);
  }
  function batch(): void {
    if (gone) return;
    if (dropped > 0) add(droppedLine(dropped));
    dropped = 0;
    const lines = waiting.subarray(0, size);
    [waiting, other] = [other, waiting];
    size = 0;
    output.write(lines, (error) => {
      last = performance.now();
      if (!error) next();
    });
  }

  /** Once one event is dropped, all are dropped until the next batch, so the count stands where they are missing. */
  function isFull(): boolean {
    if (!gone && dropped === 0 && size < limit) return false;
    dropped += 1;
    return true;
  }
  function makeRoom(bytes: number): void {
    if (waiting.length - size >= bytes) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * waiting.length, size + bytes));
    waiting.copy(larger, 0, 0, size);
    waiting = larger;
  }
  function add(line: string): void {
    makeRoom(line.length * 3); // UTF-8 takes no more for a UTF-16 unit
    size += waiting.write(line, size);
  }

  return {
    event(event) {
      if (isFull()) return;
      add(lineOf(event));
      if (!busy) next();
    },
    message(message) {
      if (isFull()) return;
      makeRoom(LONGEST_MESSAGE_LINE);
      size = writeMessageLine(message, waiting, size);
      if (!busy) next();
    },
    flush(milliseconds) {
      return new Promise((resolve) => {
        if (!busy || gone) return resolve();
        const timer = setTimeout(resolve, milliseconds);
        idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function droppedLine(count: number): string {
  return lineOf({ time: isoMicroseconds(nowMicroseconds()), event: 'dropped', count });
}
