/** The queue before a rate: one frame leaves after the other, and a frame that finds no room is lost. */
import type { Impairment, Queue } from './impairment.ts';
import { Opportunities } from './opportunities.ts';

/** Frames that the queue holds in any case, where it is given as a time. */
const AT_LEAST = 10;

/**
 * Milliseconds that a rate makes up where a frame left late. Its pace is lower than asked by their share of 100 ms, so that no
 * 100 ms let more through than was asked.
 */
export const MADE_UP = 1;
const PACE = 1 - MADE_UP / 100;

/** The pace at which frames leave. Times are milliseconds of the cable's clock, and never less than before. */
interface Pace {
  /** The time when the first bit leaves, of a frame that comes at `at`. */
  begins(at: number): number;
  /** Gives a frame its turn. Returns the time when its last bit leaves. */
  take(length: number, at: number): number;
  /** Frames that have had their turn leave later by so many milliseconds. */
  delay?(by: number): void;
}

/** A pace of so many bits a second. */
class Steady implements Pace {
  readonly #bits: number;
  #last = 0;

  constructor(bits: number) {
    this.#bits = bits * PACE;
  }

  begins(at: number): number {
    return Math.max(at, this.#last);
  }

  take(length: number, at: number): number {
    this.#last = this.begins(at) + (length * 8 * 1000) / this.#bits;
    return this.#last;
  }

  delay(by: number): void {
    this.#last += by;
  }
}

export class Turns {
  readonly #pace: Pace;
  readonly #queue: Queue;
  /** Frames that have not left yet, each with the time when it will have, and its bytes. */
  readonly #waiting: { sent: number; length: number }[] = [];
  #bytes = 0;

  constructor({ bits, queue, trace }: NonNullable<Impairment['rate']>) {
    this.#pace = trace ? new Opportunities(trace) : new Steady(bits);
    this.#queue = queue;
  }

  /** The time when the last bit of the frame has left; undefined where the queue is full. */
  sent(length: number, at: number): number | undefined {
    while (this.#waiting.length > 0 && this.#waiting[0]!.sent <= at)
      this.#bytes -= this.#waiting.shift()!.length;
    if (this.#full(length, this.#pace.begins(at) - at)) return undefined;
    const sent = this.#pace.take(length, at);
    this.#waiting.push({ sent, length });
    this.#bytes += length;
    return sent;
  }

  /**
   * The frame that leaves now is later than its turn by so many milliseconds. Returns by how many those behind it must leave later;
   * 0 where the delay is made up, as it is where frames leave by a trace.
   */
  late(by: number): number {
    const rest = by - MADE_UP;
    if (rest <= 0 || !this.#pace.delay) return 0;
    this.#pace.delay(rest);
    for (const waiting of this.#waiting) waiting.sent += rest;
    return rest;
  }

  /** The frame that is being sent does not wait. */
  #full(length: number, wait: number): boolean {
    const waiting = Math.max(0, this.#waiting.length - 1);
    const queue = this.#queue;
    if ('frames' in queue) return this.#waiting.length > 0 && waiting >= queue.frames;
    if ('bytes' in queue)
      return this.#waiting.length > 0 && this.#bytes - this.#waiting[0]!.length + length > queue.bytes;
    return wait > queue.milliseconds && waiting >= AT_LEAST;
  }
}
