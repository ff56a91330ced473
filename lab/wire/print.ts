/** A frame as one line, in the language in which scenarios write frames, and what is above it in a few words. */
import { describeAbove } from './above/above.ts';
import { BROADCAST_MAC } from './address.ts';
import { ARP_REPLY, ARP_REQUEST } from './arp.ts';
import { FIRST_TYPE } from './ethernet.ts';
import type { About, Arp, Ethernet, Frame, Icmp, Icmpv6, Ipv4, Ipv6, Tcp } from './frame.ts';
import { icmpv6Word, icmpWord } from './icmp-words.ts';
import { NEIGHBOUR_ADVERTISEMENT, NEIGHBOUR_SOLICITATION } from './icmpv6.ts';
import { type Names, noNames } from './names.ts';
import { protocolWord } from './protocols.ts';
import { tcpFlags } from './tcp.ts';

export { explainLayers } from './explain/explain.ts';
export { icmpTypeCode, icmpv6TypeCode, icmpv6Word, icmpWord } from './icmp-words.ts';
export type { Names } from './names.ts';
export { tcpFlags } from './tcp.ts';

/** `tcp alice:40000 > echo:9000 SYN len=0 win=64240`: hosts by name where `names` knows them. */
export function printFrame(frame: Frame, names: Names = noNames): string {
  const tags = frame.vlans.map(({ id }) => `vlan=${id}`);
  const { trouble } = frame;
  const wrong = trouble === undefined ? [] : [`(${trouble.layer}: ${trouble.missing})`];
  return [...printLayers(frame, names), ...tags, ...wrong].join(' ');
}

function printLayers(frame: Frame, names: Names): string[] {
  const { ethernet, arp, ip } = frame;
  if (arp !== undefined) return printArp(arp, ethernet, names);
  if (ip !== undefined) return [...printPacket(frame, ip, names), ...printFragment(ip)];
  if (ethernet !== undefined) return printEthernet(frame, ethernet, names);
  return [`frame len=${frame.length}`];
}

function printEthernet(frame: Frame, ethernet: Ethernet, names: Names): string[] {
  const { source, destination, type } = ethernet;
  const isType = type >= FIRST_TYPE;
  const typed = isType ? [`type=0x${type.toString(16).padStart(4, '0')}`] : [];
  const ends = [card(source, names), '>', card(destination, names)];
  return ['ethernet', ...ends, ...typed, `len=${carried(frame)}`];
}

function printArp(arp: Arp, ethernet: Ethernet | undefined, names: Names): string[] {
  const { operation, senderMac, senderAddress, targetMac, targetAddress } = arp;
  const from = names.card(ethernet?.source ?? senderMac) ?? host(senderAddress, names);
  const destination = ethernet?.destination ?? targetMac;
  const known = destination === BROADCAST_MAC ? 'broadcast' : names.card(destination);
  const said = printArpOperation(operation, arp, names);
  return ['arp', from, '>', known ?? host(targetAddress, names), said];
}

function printArpOperation(operation: number, arp: Arp, names: Names): string {
  if (operation === ARP_REQUEST) return `who-has ${host(arp.targetAddress, names)}`;
  return operation === ARP_REPLY ? `is-at ${arp.senderMac}` : `operation=${operation}`;
}

/** Whatever the datagram carries. */
function printPacket(frame: Frame, ip: Ipv4 | Ipv6, names: Names): string[] {
  const { tcp, udp, icmp, icmpv6 } = frame;
  const [source, destination] = [ip.source, ip.destination];
  const len = `len=${carried(frame)}`;
  const above = describeAbove(frame) ?? [];
  if (tcp !== undefined) {
    const ends = printEnds(source, destination, tcp, names);
    return ['tcp', ends, ...printTcp(tcp), len, `win=${tcp.window}`].concat(above);
  }
  if (udp !== undefined) return ['udp', printEnds(source, destination, udp, names), len].concat(above);
  const ends = `${host(source, names)} > ${host(destination, names)}`;
  if (icmp !== undefined) return ['icmp', ends, ...printIcmp(icmp, names)];
  if (icmpv6 !== undefined) return ['icmpv6', ends, ...printIcmpv6(icmpv6, names)];
  return [ip.kind, ends, protocolWord(ip.protocol), len];
}

function printTcp({ flags, urgent }: Tcp): string[] {
  return [tcpFlags(flags), ...(urgent === 0 ? [] : [`urgent=${urgent}`])];
}

function printIcmp(icmp: Icmp, names: Names): string[] {
  const { type, code, identifier, sequence, mtu, about } = icmp;
  const word = icmpWord(type, code) ?? `type=${type} code=${code}`;
  return [word, ...printEcho(identifier, sequence), ...printMtu(mtu), ...printAbout(about, names)];
}

function printIcmpv6(icmpv6: Icmpv6, names: Names): string[] {
  const { type, code, identifier, sequence, mtu, about } = icmpv6;
  const word = icmpv6Word(type, code) ?? `type=${type} code=${code}`;
  const rest = [...printEcho(identifier, sequence), ...printMtu(mtu), ...printAbout(about, names)];
  return [word, ...printTarget(icmpv6, names), ...rest];
}

function printTarget({ type, target, mac }: Icmpv6, names: Names): string[] {
  if (target === undefined) return [];
  const name = host(target, names);
  if (type === NEIGHBOUR_SOLICITATION) return ['who-has', name];
  if (type === NEIGHBOUR_ADVERTISEMENT && mac !== undefined) return [name, 'is-at', mac];
  return [name];
}

function printEcho(identifier: number | undefined, sequence: number | undefined): string[] {
  return identifier === undefined ? [] : [`id=${identifier}`, `seq=${sequence}`];
}

function printMtu(mtu: number | undefined): string[] {
  return mtu === undefined ? [] : [`mtu=${mtu}`];
}

/** `(udp bob:5000 > echo:9999)` */
function printAbout(about: About | undefined, names: Names): string[] {
  if (about === undefined) return [];
  const { source, destination, protocol, sourcePort, destinationPort } = about;
  const word = protocolWord(protocol);
  if (sourcePort === undefined || destinationPort === undefined) {
    return [`(${word} ${host(source, names)} > ${host(destination, names)})`];
  }
  return [`(${word} ${printEnds(source, destination, { sourcePort, destinationPort }, names)})`];
}

function printFragment(ip: Ipv4 | Ipv6): string[] {
  if (ip.fragmentOffset === 0 && !ip.moreFragments) return [];
  return ['fragment', `offset=${ip.fragmentOffset}`, ...(ip.moreFragments ? ['more'] : [])];
}

interface Ports {
  sourcePort: number;
  destinationPort: number;
}

function printEnds(source: string, destination: string, ports: Ports, names: Names): string {
  const from = endpoint(source, ports.sourcePort, names);
  return `${from} > ${endpoint(destination, ports.destinationPort, names)}`;
}

/** An IPv6 address without a name stands in brackets before its port (RFC 3986 section 3.2.2). */
function endpoint(address: string, port: number, names: Names): string {
  const name = host(address, names);
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}

function host(address: string, names: Names): string {
  return names.host(address) ?? address;
}

function card(mac: string, names: Names): string {
  return mac === BROADCAST_MAC ? 'broadcast' : (names.card(mac) ?? mac);
}

/** Bytes of payload on the wire, also where the capture kept fewer. */
function carried({ payload, ip, udp, bytes, length }: Frame): number {
  const kept = payload.end - payload.start;
  if (payload.end < bytes.length || bytes.length === length) return kept;
  if (udp !== undefined && !ip?.moreFragments) return Math.max(kept, udp.length - (udp.end - udp.start));
  if (ip === undefined) return length - payload.start;
  const end = ip.kind === 'ipv4' ? ip.start + ip.totalLength : ip.end + ip.payloadLength;
  return Math.max(kept, end - payload.start);
}
