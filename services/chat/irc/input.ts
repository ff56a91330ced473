/** The bytes that a client of IRC sends, cut into lines. A line without an end takes no more memory than a line may have. */
import { LINE_LIMIT } from './line.ts';

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

export class Input {
  #bytes: Buffer = NOTHING;
  /** The beginning of the present line is thrown away already. */
  #isTooLong = false;

  /** Bytes that have come and are not taken. */
  get waiting(): number {
    return this.#bytes.length;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /** The next line without its end, which is CR LF or LF; `too long`, once, in place of a longer one; undefined where none is whole. */
  next(): Buffer | 'too long' | undefined {
    const end = this.#bytes.indexOf(LF);
    if (end < 0) {
      this.#isTooLong ||= this.#bytes.length >= LINE_LIMIT;
      // A copy, so that the rest of a chunk does not keep all of it.
      this.#bytes = this.#isTooLong ? NOTHING : Buffer.from(this.#bytes);
      return undefined;
    }
    const line = this.#bytes.subarray(0, this.#bytes[end - 1] === CR ? end - 1 : end);
    this.#bytes = this.#bytes.subarray(end + 1);
    const isTooLong = this.#isTooLong || end + 1 > LINE_LIMIT;
    this.#isTooLong = false;
    return isTooLong ? 'too long' : line;
  }
}
