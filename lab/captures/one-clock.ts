/**
 * Puts the stamps of frames from several machines on our clock. All frames of a step have the same offsets, which agree with
 * each of them. Frames of earlier steps stay where they are, as reports have told their numbers.
 */
import type { Clocks, Offsets } from '../clocks/clocks.ts';
import { messagesIn } from '../clocks/messages.ts';
import type { Captured } from '../wire/frame.ts';
import type { Clocked } from '../wire/order.ts';
import { later } from '../wire/stamp.ts';
import type { Card, SeenFrame } from '../wire/timeline.ts';

export class OneClock {
  readonly #clocks: Clocks;
  /** The offsets of the stamps of this step. */
  #used: Offsets;
  /** The place of the first frame of this step among those that are kept. */
  #first = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#used = clocks.offsets;
  }

  ask(): Promise<void> {
    return this.#clocks.ask();
  }

  /** Frames from this place on are of a new step. */
  begin(first: number): void {
    this.#first = first;
  }

  /** Nanoseconds by which a stamp may be wrong. */
  get uncertainty(): number {
    return this.#clocks.uncertainty;
  }

  stamped(host: string, captured: Captured): Captured {
    return { ...captured, ...later(captured, -this.#aheadOf(host)) };
  }

  #aheadOf(host: string): number {
    return this.#used.get(this.#clocks.machineOf(host)) ?? 0;
  }

  /** Changes the stamps of this step where its frames show that they are wrong: then true. */
  settle(kept: Captured[], cards: readonly Card[], timeline: readonly SeenFrame[]): boolean {
    const own = kept.slice(this.#first);
    // A frame of the timeline has the bytes of its first capture: what an earlier step saw too is not among these.
    const bytes = new Set(own.map(({ bytes }) => bytes));
    const messages = messagesIn(timeline.filter((seen) => bytes.has(seen.frame.bytes)));
    this.#clocks.learn(messages, this.#used);
    if (this.#clocks.offsets === this.#used) return false;
    const hostOf = ({ card }: Captured) => cards[card]!.host;
    const before = own.map((captured) => this.#aheadOf(hostOf(captured)));
    this.#used = this.#clocks.offsets;
    for (const [index, captured] of own.entries()) {
      const shift = before[index]! - this.#aheadOf(hostOf(captured));
      kept[this.#first + index] = { ...captured, ...later(captured, shift) };
    }
    return own.length > 0;
  }

  /** The order of stamps of a step that began then, in milliseconds since the Unix epoch. */
  since(began: number): Clocked {
    const clocks = this.#clocks;
    return {
      machineOf: (host) => clocks.machineOf(host),
      error: (one, other) => clocks.error(one, other, Date.now() - began, this.#used),
    };
  }
}
