/** Splits a stream of bytes into lines of text. */
import type { Readable } from 'node:stream';

/** A longer line comes in pieces of this many characters. */
const LONGEST = 64 * 1024;

export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    while (rest.length > LONGEST) {
      take(rest.slice(0, LONGEST));
      rest = rest.slice(LONGEST);
    }
  });
  stream.on('end', () => {
    if (rest) take(rest);
  });
}
