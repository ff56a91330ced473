/** The fields of IPv4, IPv6 and its extension headers. */

import {
  AUTHENTICATION,
  DESTINATION_OPTIONS,
  EXTENSION_AT,
  FRAGMENT,
  HOP_BY_HOP,
  ROUTING,
} from '../extension.ts';
import type { Extension, Frame, Ipv4, Ipv6 } from '../frame.ts';
import { uint16, uint32 } from '../integer.ts';
import { IPV4_AT } from '../ipv4.ts';
import { IPV6_AT } from '../ipv6.ts';
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
    field('version', start + IPV4_AT.versionAndLength, 1, bytes[start]! >>> 4),
    field(
      'header length',
      start + IPV4_AT.versionAndLength,
      1,
      end - start,
      `${(end - start) / 4} words of 4 bytes`,
    ),
    field('DSCP', start + IPV4_AT.traffic, 1, ip.dscp),
    field('ECN', start + IPV4_AT.traffic, 1, ip.ecn),
    field('total length', start + IPV4_AT.totalLength, 2, ip.totalLength),
    field('identification', start + IPV4_AT.identification, 2, ip.identification),
    field(
      'flags',
      start + IPV4_AT.fragment,
      1,
      hex(bytes[start + IPV4_AT.fragment]! >>> 5, 1),
      flagsNote(ip),
    ),
    field('fragment offset', start + IPV4_AT.fragment, 2, ip.fragmentOffset),
    field('TTL', start + IPV4_AT.ttl, 1, ip.ttl),
    field('protocol', start + IPV4_AT.protocol, 1, ip.protocol, protocolWord(ip.protocol)),
    field(
      'header checksum',
      start + IPV4_AT.checksum,
      2,
      hex(ip.checksum),
      ip.checksumRight ? 'right' : 'wrong',
    ),
    field('source', start + IPV4_AT.source, 4, ip.source, names.host(ip.source)),
    field('destination', start + IPV4_AT.destination, 4, ip.destination, names.host(ip.destination)),
    ...explainIpv4Options(ip.options, start + IPV4_AT.options, end),
  ];
}

function flagsNote({ dontFragment, moreFragments }: Ipv4): string {
  const set = [...(dontFragment ? ['don’t fragment'] : []), ...(moreFragments ? ['more fragments'] : [])];
  return set.join(', ') || 'none';
}

export function explainIpv6(ip: Ipv6, names: Names): ExplainedField[] {
  const { start } = ip;
  return [
    field('version', start + IPV6_AT.versionAndLabel, 1, 6),
    field('traffic class', start + IPV6_AT.versionAndLabel, 2, ip.trafficClass),
    field('flow label', start + 1, 3, hex(ip.flowLabel, 5)),
    field('payload length', start + IPV6_AT.payloadLength, 2, ip.payloadLength),
    field('next header', start + IPV6_AT.nextHeader, 1, ip.nextHeader, headerWord(ip.nextHeader)),
    field('hop limit', start + IPV6_AT.hopLimit, 1, ip.hopLimit),
    field('source', start + IPV6_AT.source, 16, ip.source, names.host(ip.source)),
    field('destination', start + IPV6_AT.destination, 16, ip.destination, names.host(ip.destination)),
  ];
}

export function explainExtension({ bytes }: Frame, { start, end, protocol }: Extension): ExplainedField[] {
  const next = bytes[start]!;
  const kind = field('next header', start + EXTENSION_AT.nextHeader, 1, next, headerWord(next));
  if (protocol === FRAGMENT) return [kind, ...explainFragment(bytes, start)];
  return [
    kind,
    field(
      'length',
      start + EXTENSION_AT.length,
      1,
      bytes[start + EXTENSION_AT.length]!,
      `${EXTENSIONS.get(protocol)}, ${end - start} bytes`,
    ),
    field('data', start + 2, end - start - 2, `${end - start - 2} bytes`),
  ];
}

function explainFragment(bytes: Uint8Array, start: number): ExplainedField[] {
  const offset = uint16(bytes, start + EXTENSION_AT.fragmentOffset);
  return [
    field('reserved', start + 1, 1, bytes[start + 1]!),
    field('fragment offset', start + EXTENSION_AT.fragmentOffset, 2, offset & 0xfff8),
    field('more fragments', start + 3, 1, (offset & 1) === 1 ? 'yes' : 'no'),
    field(
      'identification',
      start + EXTENSION_AT.identification,
      4,
      uint32(bytes, start + EXTENSION_AT.identification),
    ),
  ];
}

function headerWord(protocol: number): string {
  return EXTENSIONS.get(protocol) ?? protocolWord(protocol);
}
