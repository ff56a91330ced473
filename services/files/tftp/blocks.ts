/** The bytes of a file as the blocks of a transfer: the last one is shorter than the others, and may be empty. */

/** `chunks` may have any sizes. */
export async function* blocksOf(chunks: AsyncIterable<Buffer>, blockBytes: number): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (; rest.length - at >= blockBytes; at += blockBytes) yield rest.subarray(at, at + blockBytes);
    rest = rest.subarray(at);
  }
  yield rest;
}

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;

/** The mode `netascii` (RFC 764): a line ends with CR LF, and a carriage return of the text is CR NUL. */
export async function* netascii(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const text: number[] = [];
    for (const byte of chunk) {
      if (byte === LF) text.push(CR, LF);
      else if (byte === CR) text.push(CR, NUL);
      else text.push(byte);
    }
    yield Buffer.from(text);
  }
}
