/** The bytes a–z as A–Z, four at a time: a program that has just been started has no optimised code yet. */

/** Fewer bytes are done one by one: a view of them as words would cost more. */
const FEW = 128;
const WORD = 4;

/** In place; no other byte is touched, whatever the encoding. Returns `data`. */
export function capitals(data: Buffer): Buffer {
  const { length, buffer, byteOffset } = data;
  if (length < FEW) return oneByOne(data, 0, length);
  const first = (WORD - (byteOffset % WORD)) % WORD;
  const words = new Uint32Array(buffer, byteOffset + first, (length - first) >> 2);
  for (let at = 0; at < words.length; at += 1) words[at] = wordInCapitals(words[at] as number);
  oneByOne(data, 0, first);
  return oneByOne(data, first + words.byteLength, length);
}

/** The highest bit of each byte tells whether the byte is one of a–z, and a quarter of it is the difference of the cases. */
export function wordInCapitals(word: number): number {
  const seven = word & 0x7f7f7f7f;
  const fromA = seven + 0x1f1f1f1f;
  const beyondZ = seven + 0x05050505;
  const isSmall = fromA & ~beyondZ & ~word & 0x80808080;
  return word ^ (isSmall >>> 2);
}

function oneByOne(data: Buffer, from: number, to: number): Buffer {
  for (let at = from; at < to; at += 1) {
    const byte = data[at] as number;
    if (byte >= 0x61 && byte <= 0x7a) data[at] = byte - 0x20;
  }
  return data;
}
