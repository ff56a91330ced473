/** From the first byte of a packet, ARP or IP, to the content of TCP, UDP or ICMP. */
import { openArp } from './arp.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { jumboLength, readExtensions } from './extension.ts';
import type { Trouble } from './frame.ts';
import { openIcmp } from './icmp.ts';
import { openIcmpv6 } from './icmpv6.ts';
import { openIgmp } from './igmp.ts';
import { IPV4_AT, type Ipv4, openIpv4 } from './ipv4.ts';
import { type Ipv6, openIpv6 } from './ipv6.ts';
import { ICMP, ICMPV6, IGMP, NOTHING, TCP, UDP } from './protocols.ts';
import { openTcp } from './tcp.ts';
import { broken } from './trouble.ts';
import { openUdp, UDP_AT } from './udp.ts';

export function readArp(frame: DecodedFrame, start: number): Trouble | undefined {
  const arp = openArp(frame.bytes, start, frame.end);
  if (!('kind' in arp)) return arp;
  frame.arp = arp;
  frame.carries('arp', arp.end, 0);
  frame.carriesFrom(arp.end);
  return undefined;
}

/** Without a link before it, a packet's first four bits say which IP it is. */
export function readIp(frame: DecodedFrame, start: number): Trouble | undefined {
  return frame.bytes[start]! >>> 4 === 6 ? readIpv6(frame, start) : readIpv4(frame, start);
}

/** A total length of 0 means a segment that is too long for the field. A card will cut it apart. */
export function readIpv4(frame: DecodedFrame, start: number): Trouble | undefined {
  const ip = openIpv4(frame.bytes, start, frame.end);
  if (!('kind' in ip)) return ip;
  frame.ipv4 = ip;
  frame.ip = ip;
  const total = ip.totalLength;
  if (total !== 0 && total < ip.end - start) {
    const says = `a total length of at least the header's ${ip.end - start} bytes: it says ${total}`;
    frame.carries('ipv4', ip.end, 0);
    frame.carriesFrom(ip.end);
    return broken('ipv4', start + IPV4_AT.totalLength, says);
  }
  if (total !== 0) frame.carries('ipv4', start, total);
  frame.carriesFrom(ip.end);
  if (ip.fragmentOffset > 0) return undefined;
  if (ip.protocol === ICMP) return readIcmp(frame, ip.end);
  if (ip.protocol === IGMP) return readIgmp(frame, ip.end);
  return readTransport(frame, ip, ip.end);
}

export function readIpv6(frame: DecodedFrame, start: number): Trouble | undefined {
  const ip = openIpv6(frame.bytes, start, frame.end);
  if (!('kind' in ip)) return ip;
  frame.ipv6 = ip;
  frame.ip = ip;
  const length = lengthOf(frame, ip);
  if (length !== undefined) frame.carries('ipv6', ip.end, length);
  const trouble = readExtensions(frame.bytes, ip, frame.end);
  const carried = ip.extensions.at(-1)?.end ?? ip.end;
  frame.carriesFrom(carried);
  if (trouble !== undefined) return trouble;
  if (ip.fragmentOffset > 0) return undefined;
  if (ip.protocol === ICMPV6) return readIcmpv6(frame, carried);
  return readTransport(frame, ip, carried);
}

/** Undefined for a segment that a card will cut apart: it goes to the end of the frame. */
function lengthOf({ bytes }: DecodedFrame, ip: Ipv6): number | undefined {
  if (ip.payloadLength !== 0 || ip.nextHeader === NOTHING) return ip.payloadLength;
  return jumboLength(bytes, ip);
}

function readTransport(frame: DecodedFrame, ip: Ipv4 | Ipv6, start: number): Trouble | undefined {
  if (ip.protocol === TCP) return readTcp(frame, start);
  if (ip.protocol === UDP) return readUdp(frame, start, ip);
  return undefined;
}

function readTcp(frame: DecodedFrame, start: number): Trouble | undefined {
  const tcp = openTcp(frame.bytes, start, frame.end);
  if (!('kind' in tcp)) return tcp;
  frame.tcp = tcp;
  frame.carriesFrom(tcp.end);
  return undefined;
}

/** A first fragment holds fewer bytes than the datagram's length. A length of 0 means a jumbogram (RFC 2675). */
function readUdp(frame: DecodedFrame, start: number, ip: Ipv4 | Ipv6): Trouble | undefined {
  const udp = openUdp(frame.bytes, start, frame.end);
  if (!('kind' in udp)) return udp;
  frame.udp = udp;
  const { length } = udp;
  const isJumbo = length === 0 && (ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength) === 0;
  if (length < udp.end - start && !isJumbo) {
    frame.carries('udp', udp.end, 0);
    frame.carriesFrom(udp.end);
    return broken('udp', start + UDP_AT.length, `a length of at least 8 bytes: it says ${length}`);
  }
  const there = frame.carried + frame.payload.start - start;
  if (!isJumbo && (length <= there || !ip.moreFragments)) frame.carries('udp', start, length);
  frame.carriesFrom(udp.end);
  return undefined;
}

function readIcmp(frame: DecodedFrame, start: number): Trouble | undefined {
  const icmp = openIcmp(frame.bytes, start, frame.end);
  if (!('kind' in icmp)) return icmp;
  frame.icmp = icmp;
  frame.carriesFrom(icmp.end);
  return undefined;
}

function readIgmp(frame: DecodedFrame, start: number): Trouble | undefined {
  const igmp = openIgmp(frame.bytes, start, frame.end);
  if (!('kind' in igmp)) return igmp;
  frame.igmp = igmp;
  frame.carriesFrom(igmp.end);
  return undefined;
}

function readIcmpv6(frame: DecodedFrame, start: number): Trouble | undefined {
  const icmpv6 = openIcmpv6(frame.bytes, start, frame.end);
  if (!('kind' in icmpv6)) return icmpv6;
  frame.icmpv6 = icmpv6;
  frame.carriesFrom(icmpv6.end);
  return undefined;
}
