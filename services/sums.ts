/** Checksums of datagrams as they are and as they would be in capitals: for telling that two are the same, and for nothing else. */
import { crc32 } from 'node:zlib';
import { capitals } from './capitals.ts';

/** Fewer bytes are summed here, word by word: a call of zlib costs more. */
const FEW = 160;
/** 2^32 divided by the golden ratio, as in Fibonacci hashing: the bits of a product look random. */
const FACTOR = 0x9e3779b1;
/** Where a longer datagram is put in capitals. */
const scratch = Buffer.alloc(1 << 16);

/** 32 bits, unsigned. Another `seed` gives another sum. */
export function sumOf(data: Buffer, seed: number): number {
  const { length } = data;
  if (length >= FEW) return crc32(data, seed);
  const whole = length & ~3;
  let sum = seed ^ length;
  for (let at = 0; at < whole; at += 4) sum = further(sum, wordAt(data, at));
  return further(sum, restFrom(data, whole)) >>> 0;
}

/** The sum that `data` would have with its bytes a–z as A–Z. */
export function sumInCapitals(data: Buffer, seed: number): number {
  const { length } = data;
  if (length >= FEW) {
    data.copy(scratch);
    return crc32(capitals(scratch.subarray(0, length)), seed);
  }
  const whole = length & ~3;
  let sum = seed ^ length;
  for (let at = 0; at < whole; at += 4) sum = further(sum, wordInCapitals(wordAt(data, at)));
  return further(sum, wordInCapitals(restFrom(data, whole))) >>> 0;
}

function further(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, FACTOR);
  return product ^ (product >>> 15);
}

function wordAt(data: Buffer, at: number): number {
  return data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
}

/** Up to three bytes at the end. */
function restFrom(data: Buffer, from: number): number {
  let word = 0;
  for (let at = data.length - 1; at >= from; at -= 1) word = (word << 8) | data[at]!;
  return word;
}

/** The highest bit of each byte tells whether the byte is one of a–z, and a quarter of it is the difference of the cases. */
function wordInCapitals(word: number): number {
  const seven = word & 0x7f7f7f7f;
  const fromA = seven + 0x1f1f1f1f;
  const beyondZ = seven + 0x05050505;
  const isSmall = fromA & ~beyondZ & ~word & 0x80808080;
  return word ^ (isSmall >>> 2);
}
