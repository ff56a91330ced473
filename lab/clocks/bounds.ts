/**
 * Bounds on how far clocks are apart, from messages between them. A sends one at a, B receives it at b, each by its own clock:
 * then B's clock is at most b - a ahead of A's. Messages back bound it from below (RFC 5905 section 8).
 */

/** Nanoseconds from a least to a most. */
export interface Interval {
  least: number;
  most: number;
}

/** Nanoseconds by which two clocks may drift apart in a millisecond: 15 ppm each (RFC 5905 section 7.1, PHI). */
export const DRIFT = 30;

/**
 * Every bound follows from all messages, also from those by way of other machines. `#most[i][j]` says how far the clock j is
 * ahead of the clock i at most; it is never larger than the sum over a way from i to j.
 */
export class Bounds {
  readonly #names: readonly string[];
  readonly #most: number[][];
  #now = 0;

  /** The first clock is the one that offsets count from. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#most = names.map((_, i) => names.map((_, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)));
  }

  /** Bounds grow with time, in milliseconds of any steady clock. */
  age(now: number): void {
    const grown = DRIFT * Math.max(0, now - this.#now);
    this.#now = Math.max(this.#now, now);
    for (const [i, row] of this.#most.entries()) for (const j of row.keys()) if (i !== j) row[j]! += grown;
  }

  /** `other` is ahead of `one` by at most so many nanoseconds. False, and nothing changes, where that cannot be. */
  add(one: string, other: string, most: number): boolean {
    const [from, to] = [this.#names.indexOf(one), this.#names.indexOf(other)];
    const bounds = this.#most;
    if (most + bounds[to]![from]! < 0) return false;
    if (most >= bounds[from]![to]!) return true;
    for (const row of bounds) {
      const through = row[from]! + most;
      for (const [j, onward] of bounds[to]!.entries()) row[j] = Math.min(row[j]!, through + onward);
    }
    return true;
  }

  /** All bounds of a clock that was set are void. */
  forget(name: string): void {
    const index = this.#names.indexOf(name);
    for (const [i, row] of this.#most.entries())
      for (const j of row.keys())
        if (i !== j && (i === index || j === index)) row[j] = Number.POSITIVE_INFINITY;
  }

  /** By how much `other` is ahead of `one`. */
  between(one: string, other: string): Interval {
    const [i, j] = [this.#names.indexOf(one), this.#names.indexOf(other)];
    return { least: 0 - this.#most[j]![i]!, most: this.#most[i]![j]! };
  }

  /**
   * How far each clock is ahead of the first one, in the middle of what may be. The largest values of all clocks agree with every
   * bound, and so do the least. So the middle does too: with it no frame is received before it is sent.
   */
  middle(): Map<string, number> {
    const first = this.#names[0]!;
    return new Map(
      this.#names.map((name) => {
        const { least, most } = this.between(first, name);
        return [name, (least + most) / 2];
      }),
    );
  }
}
