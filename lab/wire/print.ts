/** A frame as one line, in the language in which scenarios write frames, with its content in a few words. */

import { BROADCAST_MAC, NO_MAC } from './address.ts';
import { describePayload } from './application/describe.ts';
import {
  ARP_REPLY,
  ARP_REQUEST,
  arpWord,
  INARP_REPLY,
  INARP_REQUEST,
  RARP_REPLY,
  RARP_REQUEST,
} from './arp-words.ts';
import { type Cards, cardsOf } from './cards.ts';
import { FIRST_TYPE } from './ethernet.ts';
import type { Arp, Ethernet, Frame, Icmp, IcmpQuote, Icmpv6, Ipv4, Ipv6, Tcp } from './frame.ts';
import { icmpv6Word, icmpWord } from './icmp-words.ts';
import { NEIGHBOUR_ADVERTISEMENT, NEIGHBOUR_SOLICITATION } from './icmpv6.ts';
import { igmpWords } from './igmp-words.ts';
import { linkLabel } from './links/words.ts';
import { type Names, noNames } from './names.ts';
import { protocolWord } from './protocols.ts';
import { tcpFlags } from './tcp.ts';

export { explainLayers } from './explain/explain.ts';
export { icmpTypeCode, icmpv6TypeCode, icmpv6Word, icmpWord } from './icmp-words.ts';
export type { Names } from './names.ts';
export { tcpFlags } from './tcp.ts';

/** `tcp alice:40000 > echo:9000 SYN len=0 win=64240`: hosts have their names where `names` has them. */
export function printFrame(frame: Frame, names: Names = noNames): string {
  const tags = frame.vlans.map(({ id }) => `vlan=${id}`);
  const { trouble } = frame;
  const wrong = trouble === undefined ? [] : [`(${trouble.layer}: ${trouble.missing})`];
  return [...printLayers(frame, names), ...tags, ...wrong].join(' ');
}

function printLayers(frame: Frame, names: Names): string[] {
  const { ethernet, arp, ip } = frame;
  if (arp !== undefined) return printArp(arp, cardsOf(frame), names);
  if (ip !== undefined) return [...printPacket(frame, ip, names), ...printFragment(ip)];
  const link = frame.links.length > 0 ? printLink(frame, names) : undefined;
  if (link !== undefined) return link;
  if (ethernet !== undefined) return printEthernet(frame, ethernet, names);
  const unread = frame.trouble === undefined ? [`link=${frame.linkType}`] : [];
  return ['frame', ...unread, `len=${frame.length}`];
}

/** `stp 02:…:0a > 01:80:c2:00:00:00 STP root …`: the innermost header, and the cards where they are known. */
function printLink(frame: Frame, names: Names): string[] {
  const { source, destination } = cardsOf(frame);
  const from = source === undefined ? 'any' : card(source, names);
  const to = destination === undefined ? 'any' : card(destination, names);
  const ends = source === undefined && destination === undefined ? [] : [from, '>', to];
  return [frame.links.at(-1)!.kind, ...ends, linkLabel(frame), `len=${frame.carried}`];
}

function printEthernet(frame: Frame, ethernet: Ethernet, names: Names): string[] {
  const { source, destination, type } = ethernet;
  const isType = type >= FIRST_TYPE;
  const typed = isType ? [`type=0x${type.toString(16).padStart(4, '0')}`] : [];
  const ends = [card(source, names), '>', card(destination, names)];
  return ['ethernet', ...ends, ...typed, `len=${frame.carried}`];
}

function printArp(arp: Arp, link: Cards, names: Names): string[] {
  const { operation, senderMac, senderAddress, targetMac, targetAddress } = arp;
  const from = names.card(link.source ?? senderMac) ?? host(senderAddress, names);
  const destination = link.destination ?? targetMac;
  const known = destination === BROADCAST_MAC ? 'broadcast' : names.card(destination);
  const said = printArpOperation(operation, arp, names);
  return ['arp', from, '>', known ?? host(targetAddress, names), said];
}

function printArpOperation(operation: number, arp: Arp, names: Names): string {
  if (operation === ARP_REQUEST) return `who-has ${host(arp.targetAddress, names)}`;
  if (operation === ARP_REPLY) return `is-at ${arp.senderMac}`;
  const word = arpWord(operation);
  if (operation === RARP_REQUEST || operation === INARP_REQUEST)
    return arp.targetMac === NO_MAC ? word : `${word} ${arp.targetMac}`;
  if (operation === RARP_REPLY) return `${word} ${arp.targetMac} is ${host(arp.targetAddress, names)}`;
  return operation === INARP_REPLY ? `${word} ${arp.senderMac} is ${host(arp.senderAddress, names)}` : word;
}

/** A packet of IP with any content. */
function printPacket(frame: Frame, ip: Ipv4 | Ipv6, names: Names): string[] {
  const { tcp, udp, icmp, icmpv6, igmp } = frame;
  const [source, destination] = [ip.source, ip.destination];
  const len = `len=${frame.carried}`;
  const above = describePayload(frame) ?? [];
  if (tcp !== undefined) {
    const ends = printEnds(source, destination, tcp, names);
    return ['tcp', ends, ...printTcp(tcp), len, `win=${tcp.window}`].concat(above);
  }
  if (udp !== undefined) return ['udp', printEnds(source, destination, udp, names), len].concat(above);
  const ends = `${host(source, names)} > ${host(destination, names)}`;
  if (icmp !== undefined) return ['icmp', ends, ...printIcmp(icmp, names)];
  if (icmpv6 !== undefined) return ['icmpv6', ends, ...printIcmpv6(icmpv6, names)];
  if (igmp !== undefined) return ['igmp', ends, igmpWords(igmp, (group) => host(group, names))];
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
function printAbout(about: IcmpQuote | undefined, names: Names): string[] {
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
