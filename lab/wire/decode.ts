/**
 * A frame's bytes as layers. Each layer checks its length once, when it is opened; after that its fields are read
 * where they lie, so a frame costs a handful of small objects, and only for what is asked. Whatever the bytes
 * are, nothing is thrown: the frame has the layers that are whole, and says what is missing.
 */

import type { ArpMessage } from './arp.ts';
import { openArp } from './arp.ts';
import {
  ETHERNET_LENGTH,
  EthernetHeader,
  ethernetType,
  FIRST_TYPE,
  shortEthernet,
  TYPE_ARP,
  TYPE_IPV4,
  TYPE_IPV6,
} from './ethernet.ts';
import { readExtensions } from './extension.ts';
import type { Frame, Layer, Trouble, Vlan } from './frame.ts';
import { type IcmpHeader, openIcmp } from './icmp.ts';
import { type Icmpv6Header, openIcmpv6 } from './icmpv6.ts';
import { type Ipv4Header, openIpv4 } from './ipv4.ts';
import { type Ipv6Header, openIpv6 } from './ipv6.ts';
import { ICMP, ICMPV6, TCP, UDP } from './protocols.ts';
import { openTcp, type TcpHeader } from './tcp.ts';
import { broken } from './trouble.ts';
import { openUdp, type UdpHeader } from './udp.ts';
import { isTag, openVlan, type VlanTag } from './vlan.ts';

const NO_TAGS: readonly Vlan[] = [];

/** `length` is that of the frame on the wire, more than the bytes where the capture cut it. */
export function decode(bytes: Uint8Array, length: number = bytes.length): Frame {
  const frame = new DecodedFrame(bytes, length);
  const trouble = readEthernet(frame);
  if (trouble !== undefined) frame.stop(trouble);
  return frame;
}

class DecodedFrame implements Frame {
  readonly bytes: Uint8Array;
  readonly length: number;
  ethernet?: EthernetHeader;
  vlans: readonly Vlan[] = NO_TAGS;
  arp?: ArpMessage;
  ipv4?: Ipv4Header;
  ipv6?: Ipv6Header;
  ip?: Ipv4Header | Ipv6Header;
  icmp?: IcmpHeader;
  icmpv6?: Icmpv6Header;
  udp?: UdpHeader;
  tcp?: TcpHeader;
  payload: { start: number; end: number };
  /** What stopped the reading. */
  private stopped: Trouble | undefined = undefined;
  private list: readonly Layer[] | undefined = undefined;

  constructor(bytes: Uint8Array, length: number) {
    this.bytes = bytes;
    this.length = Math.max(length, bytes.length);
    this.payload = { start: 0, end: bytes.length };
  }

  get layers(): readonly Layer[] {
    this.list ??= layersOf(this);
    return this.list;
  }

  /** Broken options are found when somebody asks. */
  get trouble(): Trouble | undefined {
    return this.stopped ?? this.ipv4?.trouble ?? this.tcp?.trouble ?? this.icmpv6?.trouble ?? this.cut();
  }

  /** The first trouble is the one that is told. */
  stop(trouble: Trouble): void {
    if (this.stopped !== undefined) return;
    const cut = trouble.at >= this.bytes.length ? this.cut() : undefined;
    const missing = cut === undefined ? trouble.missing : `${trouble.missing}; ${cut.missing}`;
    this.stopped = { ...trouble, missing };
  }

  carries(start: number, end: number): void {
    this.payload.start = start;
    this.payload.end = end;
  }

  private cut(): Trouble | undefined {
    const { bytes, length } = this;
    if (bytes.length >= length) return undefined;
    return broken('frame', bytes.length, `the capture kept ${bytes.length} of ${length} bytes`);
  }
}

function layersOf(frame: DecodedFrame): Layer[] {
  const { ethernet, vlans, arp, ip, ipv6, icmp, icmpv6, udp, tcp } = frame;
  const all = [ethernet, ...vlans, arp, ip, ...(ipv6?.extensions ?? []), icmp, icmpv6, udp, tcp];
  return all.filter((layer) => layer !== undefined);
}

function readEthernet(frame: DecodedFrame): Trouble | undefined {
  const { bytes } = frame;
  const trouble = shortEthernet(bytes);
  if (trouble !== undefined) return trouble;
  const outer = ethernetType(bytes);
  if (isTag(outer)) return readTagged(frame, outer);
  const ethernet = new EthernetHeader(bytes, 0, outer);
  frame.ethernet = ethernet;
  return readCarried(frame, outer, ethernet.end);
}

function readTagged(frame: DecodedFrame, outer: number): Trouble | undefined {
  const tags: VlanTag[] = [];
  let type = outer;
  let at = ETHERNET_LENGTH;
  while (isTag(type)) {
    const tag = openVlan(frame.bytes, at);
    if (!('kind' in tag)) {
      frame.stop(tag);
      break;
    }
    tags.push(tag);
    type = tag.type;
    at = tag.end;
  }
  frame.ethernet = new EthernetHeader(frame.bytes, 0, type);
  frame.vlans = tags;
  return readCarried(frame, type, at);
}

function readCarried(frame: DecodedFrame, type: number, start: number): Trouble | undefined {
  const end = frame.bytes.length;
  frame.carries(start, end);
  if (type === TYPE_IPV4) return readIpv4(frame, start);
  if (type === TYPE_IPV6) return readIpv6(frame, start);
  if (type === TYPE_ARP) return readArp(frame, start);
  if (type < FIRST_TYPE) frame.carries(start, carriedEnd(frame, 'ethernet', start, type));
  return undefined;
}

/** Where `length` bytes from `start` end, or what is there does, which is then said. */
function carriedEnd(frame: DecodedFrame, layer: string, start: number, length: number): number {
  const { bytes } = frame;
  const there = frame.length - start;
  if (length > there) {
    frame.stop(broken(layer, bytes.length, `it says ${length} bytes, ${there} are there`));
  }
  return Math.min(start + length, bytes.length);
}

function readArp(frame: DecodedFrame, start: number): Trouble | undefined {
  const arp = openArp(frame.bytes, start, frame.bytes.length);
  if (!('kind' in arp)) return arp;
  frame.arp = arp;
  frame.carries(arp.end, arp.end);
  return undefined;
}

function readIpv4(frame: DecodedFrame, start: number): Trouble | undefined {
  const ip = openIpv4(frame.bytes, start, frame.bytes.length);
  if (!('kind' in ip)) return ip;
  frame.ipv4 = ip;
  frame.ip = ip;
  const total = ip.totalLength;
  if (total < ip.end - start) {
    const says = `a total length of at least the header's ${ip.end - start} bytes: it says ${total}`;
    frame.carries(ip.end, ip.end);
    return broken('ipv4', start + 2, says);
  }
  const end = carriedEnd(frame, 'ipv4', start, total);
  frame.carries(ip.end, end);
  if (ip.fragmentOffset > 0) return undefined;
  if (ip.protocol === ICMP) return readIcmp(frame, ip.end, end);
  return readTransport(frame, ip, ip.end, end);
}

function readIpv6(frame: DecodedFrame, start: number): Trouble | undefined {
  const ip = openIpv6(frame.bytes, start, frame.bytes.length);
  if (!('kind' in ip)) return ip;
  frame.ipv6 = ip;
  frame.ip = ip;
  const end = carriedEnd(frame, 'ipv6', ip.end, ip.payloadLength);
  const trouble = readExtensions(frame.bytes, ip, end);
  const carried = ip.extensions.at(-1)?.end ?? ip.end;
  frame.carries(carried, end);
  if (trouble !== undefined) return trouble;
  if (ip.fragmentOffset > 0) return undefined;
  if (ip.protocol === ICMPV6) return readIcmpv6(frame, carried, end);
  return readTransport(frame, ip, carried, end);
}

function readTransport(
  frame: DecodedFrame,
  ip: Ipv4Header | Ipv6Header,
  start: number,
  end: number,
): Trouble | undefined {
  if (ip.protocol === TCP) return readTcp(frame, start, end);
  if (ip.protocol === UDP) return readUdp(frame, start, end, ip.moreFragments);
  return undefined;
}

function readTcp(frame: DecodedFrame, start: number, end: number): Trouble | undefined {
  const tcp = openTcp(frame.bytes, start, end);
  if (!('kind' in tcp)) return tcp;
  frame.tcp = tcp;
  frame.carries(tcp.end, end);
  return undefined;
}

/** A first fragment holds less than the datagram's length, as does a frame that the capture cut. */
function readUdp(frame: DecodedFrame, start: number, end: number, isFragment: boolean): Trouble | undefined {
  const udp = openUdp(frame.bytes, start, end);
  if (!('kind' in udp)) return udp;
  frame.udp = udp;
  const { length } = udp;
  if (length < udp.end - start) {
    frame.carries(udp.end, udp.end);
    return broken('udp', start + 4, `a length of at least 8 bytes: it says ${length}`);
  }
  const isCut = end === frame.bytes.length && end < frame.length;
  if (start + length > end && !isFragment && !isCut) {
    frame.stop(broken('udp', end, `it says ${length} bytes, ${end - start} are there`));
  }
  frame.carries(udp.end, Math.min(start + length, end));
  return undefined;
}

function readIcmp(frame: DecodedFrame, start: number, end: number): Trouble | undefined {
  const icmp = openIcmp(frame.bytes, start, end);
  if (!('kind' in icmp)) return icmp;
  frame.icmp = icmp;
  frame.carries(icmp.end, end);
  return undefined;
}

function readIcmpv6(frame: DecodedFrame, start: number, end: number): Trouble | undefined {
  const icmpv6 = openIcmpv6(frame.bytes, start, end);
  if (!('kind' in icmpv6)) return icmpv6;
  frame.icmpv6 = icmpv6;
  frame.carries(icmpv6.end, end);
  return undefined;
}
