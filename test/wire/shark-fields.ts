/**
 * What tshark calls the fields of a frame, and what of ours it is to be held against. A field stands once for
 * each header that has it: the datagram that an ICMP error quotes has its own after the outer ones.
 */
import { ipv6Bytes, ipv6Text } from '../../lab/wire/address.ts';
import { ethernetType } from '../../lab/wire/ethernet.ts';
import type { Frame, IcmpQuote, TcpOption, Vlan } from '../../lab/wire/frame.ts';
import { checksums } from '../../lab/wire/frame-checksums.ts';
import { uint16 } from '../../lab/wire/integer.ts';

export type Value = string | number | undefined;

export interface SharkField {
  name: string;
  /** What we say, in the order of the headers; undefined where we say nothing. */
  ours: (frame: Frame) => Value[];
  /** tshark's texts made comparable, undefined where it says nothing. */
  read: (texts: readonly string[]) => Value[];
}

const number = (text: string): number => (text === 'True' ? 1 : text === 'False' ? 0 : Number(text));
const same = (text: string): string => text;
/** In the form of RFC 5952 without dotted parts. */
const ipv6 = (text: string): string => {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted === null) return ipv6Text(ipv6Bytes(text), 0);
  const [a, b, c, d] = dotted.slice(2).map(Number);
  const groups = `${((a! << 8) | b!).toString(16)}:${((c! << 8) | d!).toString(16)}`;
  return ipv6Text(ipv6Bytes(dotted[1]! + groups), 0);
};
/** 0 wrong and 1 right; the rest says that it was not verified or is not there. */
const status = (text: string): number | undefined =>
  ['Bad', 'Good'].includes(text) ? Number(text === 'Good') : [0, 1][Number(text)];

type Plain = string | number | boolean | undefined;

function row(
  name: string,
  read: (text: string) => Value,
  ours: (frame: Frame) => Plain | readonly Plain[],
): SharkField {
  const plain = (value: Plain) => (typeof value === 'boolean' ? Number(value) : value);
  return {
    name,
    read: (texts) => texts.map(read),
    ours: (frame) => [ours(frame)].flat().map(plain),
  };
}

function about({ icmp, icmpv6 }: Frame): IcmpQuote | undefined {
  return icmp?.about ?? icmpv6?.about;
}

/** A quoted packet's field, of the family or protocol that it must have. */
function quoted(frame: Frame, is: (about: IcmpQuote) => boolean, take: (about: IcmpQuote) => Plain): Plain[] {
  const packet = about(frame);
  return packet !== undefined && is(packet) ? [take(packet)] : [];
}

const isIpv6 = ({ source }: IcmpQuote) => source.includes(':');
const isIpv4 = (packet: IcmpQuote) => !isIpv6(packet);
const isTcp = ({ protocol }: IcmpQuote) => protocol === 6;
const isUdp = ({ protocol }: IcmpQuote) => protocol === 17;

/** Present values only: a layer that is not there has no field. */
function of<L>(layer: L | undefined, take: (layer: L) => Plain | readonly Plain[]): Plain[] {
  if (layer === undefined) return [];
  return [take(layer)].flat().filter((value) => value !== undefined);
}

const VERDICTS = { wrong: [0], right: [1], unknown: [undefined], none: [undefined] };

function verdict(frame: Frame): Plain[] {
  const { transport } = checksums(frame);
  return transport === undefined ? [] : VERDICTS[transport];
}

function options(frame: Frame, take: (option: TcpOption) => Plain | readonly Plain[]): Plain[] {
  return of(frame.tcp, (tcp) => tcp.options.flatMap(take).filter((value) => value !== undefined));
}

const SHARK_OPTIONS = new Set([0, 1, 7, 11, 12, 25, 68, 82, 130, 131, 133, 134, 136, 137, 148, 149]);

/** `unit` is 1 where this tshark gives a fragment's offset in bytes, 8 where in the header's own units. */
export const sharkFields = (unit: number): SharkField[] => [
  row('eth.dst', same, ({ ethernet }) => of(ethernet, (layer) => layer.destination)),
  row('eth.src', same, ({ ethernet }) => of(ethernet, (layer) => layer.source)),
  row('eth.type', number, ({ ethernet, bytes }) => (ethernet === undefined ? [] : [typeOf(bytes)])),
  row('vlan.id', number, (f) => tagsOf(f, false, ({ id }) => id)),
  row('vlan.priority', number, (f) => tagsOf(f, false, ({ priority }) => priority)),
  row('vlan.dei', number, (f) => tagsOf(f, false, ({ dropEligible }) => dropEligible)),
  row('ieee8021ad.id', number, (f) => (pairOf(f) === undefined ? tagsOf(f, true, ({ id }) => id) : [])),
  row('ieee8021ad.svid', number, (f) => of(pairOf(f), ([outer]) => outer!.id)),
  row('ieee8021ad.cvid', number, (f) => of(pairOf(f), ([, inner]) => inner!.id)),
  row('ieee8021ad.priority', number, (f) => tagsOf(f, true, ({ priority }) => priority)),
  row('ieee8021ad.dei', number, (f) => tagsOf(f, true, ({ dropEligible }) => dropEligible)),
  row('arp.opcode', number, ({ arp }) => of(arp, ({ operation }) => operation)),
  row('arp.src.hw_mac', same, ({ arp }) => of(arp, ({ senderMac }) => senderMac)),
  row('arp.src.proto_ipv4', same, ({ arp }) => of(arp, ({ senderAddress }) => senderAddress)),
  row('arp.dst.hw_mac', same, ({ arp }) => of(arp, ({ targetMac }) => targetMac)),
  row('arp.dst.proto_ipv4', same, ({ arp }) => of(arp, ({ targetAddress }) => targetAddress)),
  row('ip.src', same, (f) => [
    ...of(f.ipv4, ({ source }) => source),
    ...quoted(f, isIpv4, ({ source }) => source),
  ]),
  row('ip.dst', same, (f) => [
    ...of(f.ipv4, ({ destination }) => destination),
    ...quoted(f, isIpv4, ({ destination }) => destination),
  ]),
  row('ip.proto', number, (f) => [
    ...of(f.ipv4, ({ protocol }) => protocol),
    ...quoted(f, isIpv4, ({ protocol }) => protocol),
  ]),
  row('ip.hdr_len', number, ({ ipv4 }) => of(ipv4, ({ start, end }) => end - start)),
  row('ip.dsfield.dscp', number, ({ ipv4 }) => of(ipv4, ({ dscp }) => dscp)),
  row('ip.dsfield.ecn', number, ({ ipv4 }) => of(ipv4, ({ ecn }) => ecn)),
  row('ip.len', number, ({ ipv4 }) => of(ipv4, ({ totalLength }) => totalLength)),
  row('ip.id', number, ({ ipv4 }) => of(ipv4, ({ identification }) => identification)),
  row('ip.flags.df', number, ({ ipv4 }) => of(ipv4, ({ dontFragment }) => dontFragment)),
  row('ip.flags.mf', number, ({ ipv4 }) => of(ipv4, ({ moreFragments }) => moreFragments)),
  row(
    'ip.frag_offset',
    (text) => number(text) * unit,
    ({ ipv4 }) => of(ipv4, ({ fragmentOffset }) => fragmentOffset),
  ),
  row('ip.ttl', number, ({ ipv4 }) => of(ipv4, ({ ttl }) => ttl)),
  row('ip.checksum', number, ({ ipv4 }) => of(ipv4, ({ checksum }) => checksum)),
  row('ip.checksum.status', status, ({ ipv4 }) => of(ipv4, ({ checksumRight }) => checksumRight)),
  // Of an option that it does not know tshark prints no type.
  row('ip.opt.type', number, ({ ipv4 }) =>
    of(ipv4, ({ options }) => options.map(({ kind }) => kind).filter((kind) => SHARK_OPTIONS.has(kind))),
  ),
  row('ipv6.src', ipv6, (f) => [
    ...of(f.ipv6, ({ source }) => source),
    ...quoted(f, isIpv6, ({ source }) => source),
  ]),
  row('ipv6.dst', ipv6, (f) => [
    ...of(f.ipv6, ({ destination }) => destination),
    ...quoted(f, isIpv6, ({ destination }) => destination),
  ]),
  row('ipv6.tclass', number, ({ ipv6 }) => of(ipv6, ({ trafficClass }) => trafficClass)),
  row('ipv6.flow', number, ({ ipv6 }) => of(ipv6, ({ flowLabel }) => flowLabel)),
  row('ipv6.plen', number, ({ ipv6 }) => of(ipv6, ({ payloadLength }) => payloadLength)),
  row('ipv6.nxt', number, ({ ipv6 }) => of(ipv6, ({ nextHeader }) => nextHeader)),
  row('ipv6.hlim', number, ({ ipv6 }) => of(ipv6, ({ hopLimit }) => hopLimit)),
  row('ipv6.hopopts.nxt', number, (f) => nextOf(f, 0)),
  row('ipv6.dstopts.nxt', number, (f) => nextOf(f, 60)),
  row('ipv6.fraghdr.nxt', number, (f) => nextOf(f, 44)),
  row(
    'ipv6.fraghdr.offset',
    (text) => number(text) * unit,
    (f) => fragmentOf(f, f.ipv6?.fragmentOffset),
  ),
  row('ipv6.fraghdr.more', number, (f) => fragmentOf(f, f.ipv6?.moreFragments)),
  row('icmp.type', number, ({ icmp }) => of(icmp, ({ type }) => type)),
  row('icmp.code', number, ({ icmp }) => of(icmp, ({ code }) => code)),
  row('icmp.checksum', number, ({ icmp }) => of(icmp, ({ checksum }) => checksum)),
  row('icmp.checksum.status', status, (f) => (f.icmp === undefined ? [] : verdict(f))),
  row('icmp.ident', number, ({ icmp }) => of(icmp, ({ identifier }) => identifier)),
  row('icmp.seq', number, ({ icmp }) => of(icmp, ({ sequence }) => sequence)),
  row('icmp.mtu', number, ({ icmp }) => of(icmp, ({ mtu }) => mtu)),
  row('igmp.type', number, ({ igmp }) => of(igmp, ({ type }) => type)),
  row('igmp.checksum', number, ({ igmp }) => of(igmp, ({ checksum }) => checksum)),
  row('igmp.checksum.status', status, (f) => (f.igmp === undefined ? [] : verdict(f))),
  row('igmp.maddr', same, ({ igmp }) =>
    of(igmp, ({ group, records }) => group ?? records.map((one) => one.group)),
  ),
  row('icmpv6.type', number, ({ icmpv6 }) => of(icmpv6, ({ type }) => type)),
  row('icmpv6.code', number, ({ icmpv6 }) => of(icmpv6, ({ code }) => code)),
  row('icmpv6.checksum', number, ({ icmpv6 }) => of(icmpv6, ({ checksum }) => checksum)),
  row('icmpv6.checksum.status', status, (f) => (f.icmpv6 === undefined ? [] : verdict(f))),
  row('icmpv6.echo.identifier', number, ({ icmpv6 }) => of(icmpv6, ({ identifier }) => identifier)),
  row('icmpv6.echo.sequence_number', number, ({ icmpv6 }) => of(icmpv6, ({ sequence }) => sequence)),
  row('icmpv6.mtu', number, ({ icmpv6 }) => of(icmpv6, ({ mtu }) => mtu)),
  row('icmpv6.nd.ns.target_address', ipv6, (f) => targetOf(f, 135)),
  row('icmpv6.nd.na.target_address', ipv6, (f) => targetOf(f, 136)),
  row('icmpv6.nd.rd.target_address', ipv6, (f) => targetOf(f, 137)),
  row('icmpv6.mld.multicast_address', ipv6, (f) => targetOf(f, 130, 131, 132)),
  row('icmpv6.opt.linkaddr', same, ({ icmpv6 }) => of(icmpv6, ({ mac }) => mac)),
  row('udp.srcport', number, (f) => [
    ...of(f.udp, ({ sourcePort }) => sourcePort),
    ...quoted(f, isUdp, ({ sourcePort }) => sourcePort),
  ]),
  row('udp.dstport', number, (f) => [
    ...of(f.udp, ({ destinationPort }) => destinationPort),
    ...quoted(f, isUdp, ({ destinationPort }) => destinationPort),
  ]),
  row('udp.length', number, ({ udp }) => of(udp, ({ length }) => length)),
  row('udp.checksum', number, ({ udp }) => of(udp, ({ checksum }) => checksum)),
  row('udp.checksum.status', status, (f) => (f.udp === undefined ? [] : verdict(f))),
  row('tcp.srcport', number, (f) => [
    ...of(f.tcp, ({ sourcePort }) => sourcePort),
    ...quoted(f, isTcp, ({ sourcePort }) => sourcePort),
  ]),
  row('tcp.dstport', number, (f) => [
    ...of(f.tcp, ({ destinationPort }) => destinationPort),
    ...quoted(f, isTcp, ({ destinationPort }) => destinationPort),
  ]),
  row('tcp.seq', number, ({ tcp }) => of(tcp, ({ sequence }) => sequence)),
  row('tcp.ack', number, ({ tcp }) => of(tcp, ({ acknowledgement }) => acknowledgement)),
  row('tcp.hdr_len', number, ({ tcp }) => of(tcp, ({ start, end }) => end - start)),
  row('tcp.flags', number, ({ tcp, bytes }) =>
    of(tcp, ({ start, flags }) => ((bytes[start + 12]! & 15) << 8) | flags),
  ),
  row('tcp.window_size_value', number, ({ tcp }) => of(tcp, ({ window }) => window)),
  row('tcp.checksum', number, ({ tcp }) => of(tcp, ({ checksum }) => checksum)),
  row('tcp.checksum.status', status, (f) => (f.tcp === undefined ? [] : verdict(f))),
  row('tcp.urgent_pointer', number, ({ tcp }) => of(tcp, ({ urgent }) => urgent)),
  // tshark counts what was on the wire, we what was captured; of a fragment it says nothing.
  row('tcp.len', number, ({ tcp, ip, payload, bytes, length }) =>
    of(tcp, () => (ip!.moreFragments || bytes.length < length ? undefined : payload.end - payload.start)),
  ),
  {
    ...row('tcp.option_kind', number, (f) => options(f, ({ kind }) => kind)),
    // After the end of options tshark reads on, as if the filling were more of them.
    read: (texts) => texts.slice(0, texts.includes('0') ? texts.indexOf('0') + 1 : texts.length).map(Number),
  },
  row('tcp.options.mss_val', number, (f) => options(f, ({ mss }) => mss)),
  row('tcp.options.wscale.shift', number, (f) => options(f, ({ scale }) => scale)),
  row('tcp.options.timestamp.tsval', number, (f) => options(f, ({ timestamp }) => timestamp?.value)),
  row('tcp.options.timestamp.tsecr', number, (f) => options(f, ({ timestamp }) => timestamp?.echo)),
  row('tcp.options.sack_le', number, (f) => options(f, ({ sack }) => sack?.map(({ from }) => from))),
  row('tcp.options.sack_re', number, (f) => options(f, ({ sack }) => sack?.map(({ to }) => to))),
];

function nextOf({ ipv6, bytes }: Frame, protocol: number): Plain[] {
  const headers = ipv6?.extensions.filter((extension) => extension.protocol === protocol) ?? [];
  return headers.map(({ start }) => bytes[start]!);
}

/** Of the last fragment header, where there is one only. */
function fragmentOf({ ipv6 }: Frame, value: Plain): Plain[] {
  const headers = ipv6?.extensions.filter(({ protocol }) => protocol === 44) ?? [];
  return headers.length === 1 ? [value] : headers.map(() => undefined);
}

function targetOf({ icmpv6 }: Frame, ...types: number[]): Plain[] {
  return icmpv6 !== undefined && types.includes(icmpv6.type) ? [icmpv6.target] : [];
}

/** Below 1536 it is a length, which tshark shows under another name. */
function typeOf(bytes: Uint8Array): Plain {
  const type = ethernetType(bytes);
  return type >= 1536 ? type : undefined;
}

/** A provider's tag has fields of its own in tshark; which kind a tag is, the type before it says. */
function tagsOf({ vlans, bytes }: Frame, provider: boolean, take: (tag: Vlan) => Plain): Plain[] {
  return vlans.filter(({ start }) => (uint16(bytes, start - 2) === 0x88a8) === provider).map(take);
}

/** Of two tags of a provider tshark names the ids by their places. */
function pairOf(frame: Frame): readonly Vlan[] | undefined {
  const { vlans } = frame;
  return vlans.length === 2 && tagsOf(frame, true, () => 1).length === 2 ? vlans : undefined;
}
