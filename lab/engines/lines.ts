/** Splits a stream of bytes into lines of text. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line comes in pieces of this many characters. */
const LONGEST = 64 * 1024;

export class LineSplitter {
  readonly #take: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    while (this.#rest.length > LONGEST) {
      this.#take(this.#rest.slice(0, LONGEST));
      this.#rest = this.#rest.slice(LONGEST);
    }
  }

  /** What stands after the last line's end is a line too. */
  end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last) this.#take(last);
  }
}

export function eachLine(stream: Readable, take: (line: string) => void): void {
  const lines = new LineSplitter(take);
  stream.on('data', (chunk: Buffer) => lines.push(chunk));
  stream.on('end', () => lines.end());
}
