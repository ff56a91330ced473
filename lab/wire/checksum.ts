/** The Internet checksum (RFC 1071), and the pseudo headers that go into it (RFC 9293 3.1, RFC 8200 8.1). */
import type { Frame } from './frame.ts';
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

/** What stands in the header: the complement of the sum over a header whose checksum field is zero. */
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

export interface Checksums {
  ipv4?: 'right' | 'wrong';
  /** `none`: UDP sent without; `unknown`: not all of what it covers is in the frame. */
  transport?: 'right' | 'wrong' | 'none' | 'unknown';
}

/** Works out the frame's checksums anew. A layer that is not there has no entry. */
export function checksums(frame: Frame): Checksums {
  const found: Checksums = {};
  if (frame.ipv4 !== undefined) found.ipv4 = frame.ipv4.checksumRight ? 'right' : 'wrong';
  const transport = transportChecksum(frame);
  if (transport !== undefined) found.transport = transport;
  return found;
}

function transportChecksum(frame: Frame): Checksums['transport'] {
  const { ip } = frame;
  const layer = frame.tcp ?? frame.udp ?? frame.icmp ?? frame.icmpv6;
  if (ip === undefined || layer === undefined) return undefined;
  if (layer.kind === 'udp' && layer.checksum === 0) return 'none';
  if (!isWhole(frame)) return 'unknown';
  const { start } = layer;
  const { end } = frame.payload;
  const pseudo = layer.kind === 'icmp' ? 0 : pseudoOf(frame, end - start);
  return sumsUp(addWords(frame.bytes, start, end, pseudo)) ? 'right' : 'wrong';
}

function pseudoOf(frame: Frame, length: number): number {
  const { bytes, ipv4, ipv6 } = frame;
  if (ipv4 !== undefined) return pseudoHeader(bytes, ipv4.start + 12, 4, ipv4.protocol, length);
  return pseudoHeader(bytes, ipv6!.start + 8, 6, ipv6!.protocol, length);
}

/** All that the transport checksum covers is here, and the pseudo header's destination is the last one. */
function isWhole(frame: Frame): boolean {
  const { ip, udp, bytes, payload } = frame;
  if (ip === undefined || ip.moreFragments || ip.fragmentOffset > 0) return false;
  if (udp !== undefined && udp.start + udp.length !== payload.end) return false;
  // Of a segment that a card will cut apart the card works it out.
  if ((ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength) === 0) return false;
  if (ip.kind === 'ipv4') return ip.start + ip.totalLength <= bytes.length;
  const routed = ip.extensions.some(({ protocol, start }) => protocol === 43 && bytes[start + 3] !== 0);
  return !routed && ip.end + ip.payloadLength <= bytes.length;
}

/** The header's checksum is right (RFC 791 section 3.1). */
export function headerSumsUp(bytes: Uint8Array, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at += 2) sum += uint16(bytes, at);
  return sumsUp(sum);
}
