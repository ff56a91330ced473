/** A client of IRC may say so many lines a second, and more at once after a pause. Its further lines wait. */

/** The lines that are saved up while nothing is said, in seconds of the rate. */
const SAVED_SECONDS = 5;
/** Bytes of an answer that count as one more line. */
const BYTES_A_LINE = 2048;

export class Budget {
  readonly #rate: number;
  #lines: number;
  #at = performance.now();

  /** `rate`: lines a second. */
  constructor(rate: number) {
    this.#rate = rate;
    this.#lines = rate * SAVED_SECONDS;
  }

  /** Milliseconds until the next line may be asked; 0 for now. */
  get wait(): number {
    const now = performance.now();
    const filled = this.#lines + ((now - this.#at) / 1000) * this.#rate;
    this.#lines = Math.min(this.#rate * SAVED_SECONDS, filled);
    this.#at = now;
    return this.#lines > 0 ? 0 : Math.ceil(((1 - this.#lines) / this.#rate) * 1000);
  }

  /** Takes a line that was answered with so many bytes. */
  take(bytes: number): void {
    this.#lines -= 1 + bytes / BYTES_A_LINE;
  }
}
