/** Draws that a seed decides, the same on every machine: xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32. */

export class Chance {
  readonly #state: Uint32Array;

  /** `seed` is a whole number. Each `purpose` has draws of its own, so that one kind of draw does not change another. */
  constructor(seed: number, purpose: string) {
    let mixed = seed >>> 0;
    for (const byte of Buffer.from(purpose)) mixed = Math.imul(mixed ^ byte, 0x0100_0193) >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e37_79b9) >>> 0;
      let word = mixed;
      word = Math.imul(word ^ (word >>> 16), 0x21f0_aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a_2d97);
      return (word ^ (word >>> 15)) >>> 0;
    });
  }

  /** 32 bits. */
  word(): number {
    const state = this.#state;
    const turned = Math.imul(state[1]!, 5);
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = (state[3]! << 11) | (state[3]! >>> 21);
    return result;
  }

  /** From 0 to below 1. */
  unit(): number {
    return this.word() / 2 ** 32;
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.unit() < probability;
  }

  /** From 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.unit() * end);
  }

  /** Mean 0, standard deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }
}
