/**
 * A rate by a trace of delivery opportunities, as mahimahi's `mm-link` reads one. Each opportunity lets so many bytes leave at its
 * time. Its rest goes to the next frame that waits, and is lost where no frame waits. After its last line the trace begins again.
 */
import { OPPORTUNITY, type Trace } from './impairment.ts';

/** A frame counts without its Ethernet header (14 bytes) and with the 4 of a tunnel's: 1500 bytes of IP are one opportunity. */
const LESS = 10;

export class Opportunities {
  readonly #at: readonly number[];
  readonly #period: number;
  /** When the trace began; undefined before the first frame. */
  #began: number | undefined;
  /** The number of the next unused opportunity, counted over all rounds of the trace. */
  #next = 0;
  /** The time of the opportunity that was used last, and the bytes that it has left. */
  #last = Number.NEGATIVE_INFINITY;
  #left = 0;

  constructor({ at }: Trace) {
    this.#at = at;
    this.#period = at.at(-1)!;
  }

  /** The time when the first byte leaves, of a frame that comes at `at`. */
  begins(at: number): number {
    this.#began ??= at;
    return this.#left > 0 && this.#last >= at ? this.#last : this.#timeOf(this.#nextFrom(at));
  }

  /** Gives a frame of so many bytes its turn. Returns the time when its last byte leaves. */
  take(length: number, at: number): number {
    this.#began ??= at;
    let wanted = Math.max(1, length - LESS);
    if (this.#last >= at) wanted -= this.#left;
    if (wanted > 0) {
      this.#next = this.#nextFrom(at) + Math.ceil(wanted / OPPORTUNITY);
      this.#last = this.#timeOf(this.#next - 1);
      wanted -= Math.ceil(wanted / OPPORTUNITY) * OPPORTUNITY;
    }
    this.#left = -wanted;
    return this.#last;
  }

  /** The number of the first unused opportunity that is not before `at`. */
  #nextFrom(at: number): number {
    const count = this.#at.length;
    const since = at - this.#began!;
    if (this.#timeOf(this.#next) >= at) return this.#next;
    // At the very end of a round its last opportunity is still there.
    const round = Math.max(0, Math.ceil(since / this.#period) - 1);
    let [low, high] = [round * count, (round + 1) * count];
    while (low < high) {
      // Not by a shift: it would lose what is beyond 32 bits.
      const middle = Math.floor((low + high) / 2);
      if (this.#timeOf(middle) < at) low = middle + 1;
      else high = middle;
    }
    return Math.max(this.#next, low);
  }

  #timeOf(number: number): number {
    const count = this.#at.length;
    return this.#began! + Math.floor(number / count) * this.#period + this.#at[number % count]!;
  }
}
