/** Whether the checksums of a whole frame are right. */
import { addWords, pseudoHeader, sumsUp } from './checksum.ts';
import type { Frame } from './frame.ts';
import { IPV4_AT } from './ipv4.ts';
import { IPV6_AT } from './ipv6.ts';

export interface Checksums {
  ipv4?: 'right' | 'wrong';
  /** `none`: a UDP datagram without a checksum; `unknown`: not all bytes that it covers are in the frame. */
  transport?: 'right' | 'wrong' | 'none' | 'unknown';
}

/** Works out the frame's checksums again. A layer that is not there has no entry. */
export function checksums(frame: Frame): Checksums {
  const found: Checksums = {};
  if (frame.ipv4 !== undefined) found.ipv4 = frame.ipv4.checksumRight ? 'right' : 'wrong';
  const transport = transportChecksum(frame);
  if (transport !== undefined) found.transport = transport;
  return found;
}

function transportChecksum(frame: Frame): Checksums['transport'] {
  const { ip } = frame;
  const layer = frame.tcp ?? frame.udp ?? frame.icmp ?? frame.icmpv6 ?? frame.igmp;
  if (ip === undefined || layer === undefined) return undefined;
  if (layer.kind === 'udp' && layer.checksum === 0) return 'none';
  if (!isWhole(frame)) return 'unknown';
  const { start } = layer;
  const { end } = frame.payload;
  const pseudo = layer.kind === 'icmp' || layer.kind === 'igmp' ? 0 : pseudoOf(frame, end - start);
  return sumsUp(addWords(frame.bytes, start, end, pseudo)) ? 'right' : 'wrong';
}

function pseudoOf(frame: Frame, length: number): number {
  const { bytes, ipv4, ipv6 } = frame;
  if (ipv4 !== undefined) return pseudoHeader(bytes, ipv4.start + IPV4_AT.source, 4, ipv4.protocol, length);
  return pseudoHeader(bytes, ipv6!.start + IPV6_AT.source, 6, ipv6!.protocol, length);
}

/** Whether all bytes that the transport checksum covers are here, and the destination of IP is the last one. */
function isWhole(frame: Frame): boolean {
  const { ip, udp, bytes, payload } = frame;
  if (ip === undefined || ip.moreFragments || ip.fragmentOffset > 0) return false;
  if (udp !== undefined && udp.start + udp.length !== payload.end) return false;
  // For a segment that a card will cut apart, the card works out the checksum.
  if ((ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength) === 0) return false;
  if (ip.kind === 'ipv4') return ip.start + ip.totalLength <= bytes.length;
  const routed = ip.extensions.some(({ protocol, start }) => protocol === 43 && bytes[start + 3] !== 0);
  return !routed && ip.end + ip.payloadLength <= bytes.length;
}
