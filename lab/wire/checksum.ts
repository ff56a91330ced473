/** The Internet checksum (RFC 1071), and the pseudo headers that go into it (RFC 9293 3.1, RFC 8200 8.1). */
import { uint16 } from './integer.ts';

/** The bytes' 16-bit words added up, not folded; an odd last byte is the upper half of a word. */
export function addWords(bytes: Uint8Array, start: number, end: number, sum = 0): number {
  let total = sum;
  let at = start;
  for (; at + 1 < end; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!;
  return at < end ? total + (bytes[at]! << 8) : total;
}

/** Folds to 16 bits with the carries added back in. */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum for the header: the complement of the sum over a header whose checksum field is zero. */
export function checksumOf(sum: number): number {
  return ~fold(sum) & 0xffff;
}

/** Whether a sum over bytes with the checksum among them is right. */
export function sumsUp(sum: number): boolean {
  return fold(sum) === 0xffff;
}

/** `addresses` holds source and destination, 8 or 32 bytes from `at`. */
export function pseudoHeader(
  addresses: Uint8Array,
  at: number,
  family: 4 | 6,
  protocol: number,
  length: number,
): number {
  const sum = addWords(addresses, at, at + (family === 4 ? 8 : 32));
  return sum + protocol + (length >>> 16) + (length & 0xffff);
}

/** Whether the header's checksum is right (RFC 791 section 3.1). */
export function headerSumsUp(bytes: Uint8Array, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += uint16(bytes, at);
  return sumsUp(sum);
}
