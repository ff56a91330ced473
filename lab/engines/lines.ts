/** Splits a stream of bytes into lines of text, one by one or as many as have come at once. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line comes in pieces of this many characters. */
const LONGEST = 64 * 1024;

export class LineSplitter {
  readonly #take: (lines: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** `take` gets one or more whole lines, with a newline between two: splitting would be most of the cost of a flood. */
  constructor(take: (lines: string) => void) {
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    const text = this.#rest + this.#decoder.write(Buffer.from(bytes));
    const end = text.lastIndexOf('\n');
    this.#rest = text.slice(end + 1);
    if (end >= 0) this.#take(text.slice(0, end));
    while (this.#rest.length > LONGEST) {
      this.#take(this.#rest.slice(0, LONGEST));
      this.#rest = this.#rest.slice(LONGEST);
    }
  }

  /** Text after the last line's end is a line too. */
  end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last) this.#take(last);
  }
}

/** Lines as LineSplitter gives them: many at once. */
export function eachLines(stream: Readable, take: (lines: string) => void): void {
  const lines = new LineSplitter(take);
  stream.on('data', (chunk: Buffer) => lines.push(chunk));
  stream.on('end', () => lines.end());
}

export function eachLine(stream: Readable, take: (line: string) => void): void {
  eachLines(stream, (lines) => {
    for (const line of lines.split('\n')) take(line);
  });
}
