/**
 * The inverse of lab/wire/decode.ts: plain fields to bytes, from the inside out. Lengths, types,
 * protocol numbers and checksums are worked out unless they are given; a given one goes as it is, right or wrong.
 */

import { addWords, checksumOf, pseudoHeader } from '../../../lab/wire/checksum.ts';
import { TYPE_ARP, TYPE_IPV4, TYPE_IPV6 } from '../../../lab/wire/ethernet.ts';
import { ICMP, ICMPV6, IGMP, NOTHING, TCP, UDP } from '../../../lab/wire/protocols.ts';
import { TCP_AT } from '../../../lab/wire/tcp.ts';
import { UDP_AT } from '../../../lab/wire/udp.ts';
import { TYPE_VLAN } from '../../../lab/wire/vlan.ts';
import { type ArpFields, encodeArp } from './arp.ts';
import { type EthernetFields, encodeEthernet } from './ethernet.ts';
import { type ExtensionFields, encodeExtension, extensionProtocol } from './extension.ts';
import { encodeIcmp, type IcmpFields } from './icmp.ts';
import { encodeIcmpv6, type Icmpv6Fields } from './icmpv6.ts';
import { encodeIgmp, type IgmpFields } from './igmp.ts';
import { putUint16 } from './integer.ts';
import { encodeIpv4, type Ipv4Fields } from './ipv4.ts';
import { encodeIpv6, type Ipv6Fields } from './ipv6.ts';
import { encodeTcp, type TcpFields } from './tcp.ts';
import { encodeUdp, type UdpFields } from './udp.ts';
import { encodeVlan, type VlanFields } from './vlan.ts';

/** At most one of `arp`, `ipv4`, `ipv6`, and of `icmp`, `icmpv6`, `igmp`, `tcp`, `udp`; without `ethernet` an IP packet. */
export interface FrameFields {
  ethernet?: EthernetFields;
  /** Outermost first. */
  vlans?: readonly VlanFields[];
  arp?: ArpFields;
  ipv4?: Ipv4Fields;
  ipv6?: Ipv6Fields;
  /** Of IPv6, in their order. */
  extensions?: readonly ExtensionFields[];
  icmp?: IcmpFields;
  icmpv6?: Icmpv6Fields;
  igmp?: IgmpFields;
  tcp?: TcpFields;
  udp?: UdpFields;
  payload?: Uint8Array;
  /** Zeros after all of it until the frame is so long: 60 fills up to Ethernet's least. */
  padTo?: number;
}

/** The frame's bytes, without the check sequence that the card adds. */
export function encodeFrame(fields: FrameFields): Uint8Array {
  const network = encodeNetwork(fields);
  const frame =
    fields.ethernet === undefined ? network : join(encodeLink(fields, fields.ethernet, network), network);
  const padding = Math.max(0, (fields.padTo ?? 0) - frame.length);
  return padding === 0 ? frame : join(frame, new Uint8Array(padding));
}

function encodeLink(fields: FrameFields, ethernet: EthernetFields, network: Uint8Array): Uint8Array {
  const vlans = fields.vlans ?? [];
  // Each tag holds the type of what follows it, so the types move one place inwards.
  const types = [...vlans.map(({ tag }) => tag ?? TYPE_VLAN), ethernet.type ?? typeOf(fields, network)];
  const tags = vlans.map((vlan, index) => encodeVlan(vlan, types[index + 1]!));
  return join(encodeEthernet(ethernet, types[0]!), ...tags);
}

/** The length of the payload, IEEE 802.3's way, where it is no protocol of ours. */
function typeOf({ arp, ipv4, ipv6 }: FrameFields, network: Uint8Array): number {
  if (arp !== undefined) return TYPE_ARP;
  if (ipv4 !== undefined) return TYPE_IPV4;
  return ipv6 === undefined ? network.length : TYPE_IPV6;
}

function encodeNetwork(fields: FrameFields): Uint8Array {
  const { arp, ipv4, ipv6, payload = new Uint8Array() } = fields;
  if (arp !== undefined) return join(encodeArp(arp), payload);
  if (ipv4 !== undefined) return encodeOverIpv4(fields, ipv4);
  return ipv6 === undefined ? payload : encodeOverIpv6(fields, ipv6);
}

function encodeOverIpv4(fields: FrameFields, ipv4: Ipv4Fields): Uint8Array {
  // The addresses are needed for the pseudo header, the length for the header.
  const addresses = encodeIpv4(ipv4, 0, 0);
  const carried = encodeTransport(fields, (length, protocol) =>
    pseudoHeader(addresses, 12, 4, protocol, length),
  );
  return join(encodeIpv4(ipv4, protocolOf(fields), carried.length), carried);
}

function encodeOverIpv6(fields: FrameFields, ipv6: Ipv6Fields): Uint8Array {
  const addresses = encodeIpv6(ipv6, 0, 0);
  const carried = encodeTransport(fields, (length, protocol) =>
    pseudoHeader(addresses, 8, 6, protocol, length),
  );
  const extensions = fields.extensions ?? [];
  const protocols = [...extensions.map(extensionProtocol), protocolOf(fields)];
  const headers = extensions.map((extension, index) => encodeExtension(extension, protocols[index + 1]!));
  const rest = join(...headers, carried);
  return join(encodeIpv6(ipv6, protocols[0]!, rest.length), rest);
}

/** 253 of RFC 3692, for experiments, where there is a payload of nothing known. */
function protocolOf({ icmp, icmpv6, igmp, tcp, udp, payload }: FrameFields): number {
  if (icmp !== undefined) return ICMP;
  if (icmpv6 !== undefined) return ICMPV6;
  if (igmp !== undefined) return IGMP;
  if (tcp !== undefined) return TCP;
  if (udp !== undefined) return UDP;
  return payload === undefined ? NOTHING : 253;
}

/** The sum of the pseudo header for so many bytes of a protocol. */
type Pseudo = (length: number, protocol: number) => number;

function encodeTransport(fields: FrameFields, pseudo: Pseudo): Uint8Array {
  const { icmp, icmpv6, igmp, tcp, udp, payload = new Uint8Array() } = fields;
  if (igmp !== undefined) return join(encodeIgmp(igmp, payload), payload);
  if (icmp !== undefined) return join(encodeIcmp(icmp, payload), payload);
  if (icmpv6 !== undefined) {
    return encodeIcmpv6(icmpv6, payload, (length) => pseudo(length, ICMPV6));
  }
  if (tcp !== undefined) {
    const segment = join(encodeTcp(tcp), payload);
    putUint16(segment, TCP_AT.checksum, tcp.checksum ?? sumOf(segment, pseudo(segment.length, TCP)));
    return segment;
  }
  if (udp === undefined) return payload;
  const datagram = join(encodeUdp(udp, payload.length), payload);
  // A checksum of zero is sent as its other form: zero would say there is none (RFC 768).
  const checksum = udp.checksum ?? (sumOf(datagram, pseudo(datagram.length, UDP)) || 0xffff);
  putUint16(datagram, UDP_AT.checksum, checksum);
  return datagram;
}

function sumOf(bytes: Uint8Array, pseudo: number): number {
  return checksumOf(addWords(bytes, 0, bytes.length, pseudo));
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
