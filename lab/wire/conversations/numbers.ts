/**
 * Sequence numbers of one direction, counted from its SYN. On the wire they are modulo 2^32 (RFC 9293 section 3.4);
 * here they go on, so that they can be compared with < and >.
 */
export class Numbers {
  /** Whether a SYN, or an acknowledgement of one, told the first number. */
  known = false;
  #first: number | undefined;
  /** The greatest number so far: the next one is within 2^31 of it. */
  #greatest = 0;

  /** The SYN's own number is 0. */
  begin(initial: number): void {
    this.#first = initial;
    this.#greatest = 0;
    this.known = true;
  }

  /** Where no SYN was seen, the first byte seen has the number 1. */
  relative(number: number): number {
    this.#first ??= (number - 1) >>> 0;
    const relative = this.#greatest + ((number - this.#first - this.#greatest) | 0);
    if (relative > this.#greatest) this.#greatest = relative;
    return relative;
  }

  isInitial(number: number): boolean {
    return this.known && number === this.#first;
  }
}
