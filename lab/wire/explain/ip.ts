/** The fields of IPv4, IPv6 and its extension headers. */
import { AUTHENTICATION, DESTINATION_OPTIONS, FRAGMENT, HOP_BY_HOP, ROUTING } from '../extension.ts';
import type { Extension, Frame, Ipv4, Ipv6 } from '../frame.ts';
import { uint16, uint32 } from '../integer.ts';
import type { Names } from '../names.ts';
import { protocolWord } from '../protocols.ts';
import { type ExplainedField, field, hex } from './field.ts';
import { explainIpv4Options } from './options.ts';

const EXTENSIONS: ReadonlyMap<number, string> = new Map([
  [HOP_BY_HOP, 'hop-by-hop options'],
  [ROUTING, 'routing'],
  [FRAGMENT, 'fragment'],
  [AUTHENTICATION, 'authentication'],
  [DESTINATION_OPTIONS, 'destination options'],
]);

export function explainIpv4({ bytes }: Frame, ip: Ipv4, names: Names): ExplainedField[] {
  const { start, end } = ip;
  return [
    field('version', start, 1, bytes[start]! >>> 4),
    field('header length', start, 1, end - start, `${(end - start) / 4} words of 4 bytes`),
    field('DSCP', start + 1, 1, ip.dscp),
    field('ECN', start + 1, 1, ip.ecn),
    field('total length', start + 2, 2, ip.totalLength),
    field('identification', start + 4, 2, ip.identification),
    field('flags', start + 6, 1, hex(bytes[start + 6]! >>> 5, 1), flagsNote(ip)),
    field('fragment offset', start + 6, 2, ip.fragmentOffset),
    field('TTL', start + 8, 1, ip.ttl),
    field('protocol', start + 9, 1, ip.protocol, protocolWord(ip.protocol)),
    field('header checksum', start + 10, 2, hex(ip.checksum), ip.checksumRight ? 'right' : 'wrong'),
    field('source', start + 12, 4, ip.source, names.host(ip.source)),
    field('destination', start + 16, 4, ip.destination, names.host(ip.destination)),
    ...explainIpv4Options(ip.options, start + 20, end),
  ];
}

function flagsNote({ dontFragment, moreFragments }: Ipv4): string {
  const set = [...(dontFragment ? ['don’t fragment'] : []), ...(moreFragments ? ['more fragments'] : [])];
  return set.join(', ') || 'none';
}

export function explainIpv6(ip: Ipv6, names: Names): ExplainedField[] {
  const { start } = ip;
  return [
    field('version', start, 1, 6),
    field('traffic class', start, 2, ip.trafficClass),
    field('flow label', start + 1, 3, hex(ip.flowLabel, 5)),
    field('payload length', start + 4, 2, ip.payloadLength),
    field('next header', start + 6, 1, ip.nextHeader, headerWord(ip.nextHeader)),
    field('hop limit', start + 7, 1, ip.hopLimit),
    field('source', start + 8, 16, ip.source, names.host(ip.source)),
    field('destination', start + 24, 16, ip.destination, names.host(ip.destination)),
  ];
}

export function explainExtension({ bytes }: Frame, { start, end, protocol }: Extension): ExplainedField[] {
  const next = bytes[start]!;
  const kind = field('next header', start, 1, next, headerWord(next));
  if (protocol === FRAGMENT) return [kind, ...explainFragment(bytes, start)];
  return [
    kind,
    field('length', start + 1, 1, bytes[start + 1]!, `${EXTENSIONS.get(protocol)}, ${end - start} bytes`),
    field('data', start + 2, end - start - 2, `${end - start - 2} bytes`),
  ];
}

function explainFragment(bytes: Uint8Array, start: number): ExplainedField[] {
  const offset = uint16(bytes, start + 2);
  return [
    field('reserved', start + 1, 1, bytes[start + 1]!),
    field('fragment offset', start + 2, 2, offset & 0xfff8),
    field('more fragments', start + 3, 1, (offset & 1) === 1 ? 'yes' : 'no'),
    field('identification', start + 4, 4, uint32(bytes, start + 4)),
  ];
}

function headerWord(protocol: number): string {
  return EXTENSIONS.get(protocol) ?? protocolWord(protocol);
}
