/**
 * How much one address may have, and all addresses together: so many units a second, and so many at once after a pause. The
 * source of a datagram may be false, so the memory is the same however many addresses ask.
 */
import { crc32 } from 'node:zlib';

/** Units a second, and units saved up while an address asks for nothing. */
export interface Pace {
  readonly rate: number;
  readonly saved: number;
}

/** Two addresses of one slot share their units: of so many, hardly two that ask much at the same time. */
const SLOTS = 1 << 14;

export class Budget {
  readonly #one: Pace;
  readonly #all: Pace;
  /** For each slot, when it has all its units again, in milliseconds on a steady clock. */
  readonly #full = new Float64Array(SLOTS);
  #allFull = 0;
  /** The slot of the last address: most addresses ask again and again. */
  #last = { address: '', slot: crc32('') % SLOTS };

  constructor(one: Pace, all: Pace = { rate: Number.POSITIVE_INFINITY, saved: Number.POSITIVE_INFINITY }) {
    this.#one = one;
    this.#all = all;
  }

  /** Takes so many units for an address, if it has so many, and all together have. */
  take(address: string, units: number): boolean {
    const now = performance.now();
    if (this.#last.address !== address) this.#last = { address, slot: crc32(address) % SLOTS };
    const { slot } = this.#last;
    const one = later(this.#full[slot]!, now, units, this.#one);
    const all = later(this.#allFull, now, units, this.#all);
    if (one === undefined || all === undefined) return false;
    this.#full[slot] = one;
    this.#allFull = all;
    return true;
  }
}

/** When all units are there again if so many are taken now; undefined where there are not so many. */
function later(full: number, now: number, units: number, { rate, saved }: Pace): number | undefined {
  const then = Math.max(full, now) + (units / rate) * 1000;
  return then > now + (saved / rate) * 1000 ? undefined : then;
}
