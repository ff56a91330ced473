/** Whether one nftables match is true of a packet: yes, no, or undefined where it is not known here. Pure. */

import { familyOf } from '../../model/address.ts';
import type { Statement } from './nft-ruleset.ts';
import { inSubnet } from './subnet.ts';

/** The known facts of a packet; an undefined field is not known. */
export interface Packet {
  protocol: 'tcp' | 'udp' | 'icmp';
  source: string;
  destination: string;
  sourcePort?: number | undefined;
  destinationPort?: number | undefined;
  /** `echo-request`, `echo-reply` */
  icmpType?: string | undefined;
  /** `frag-needed`: the code of an ICMP error, by nft's word for it. */
  icmpCode?: string | undefined;
  /** A fragment that is not the first: it has no header with ports. */
  laterFragment?: true | undefined;
  /** The state by connection tracking. */
  state?: 'new' | 'established' | 'related' | undefined;
  /** A NAT has replaced its destination (`ct status dnat`). */
  forwarded?: boolean | undefined;
  in?: string | undefined;
  out?: string | undefined;
}

type Known = string | number | undefined;
type Truth = boolean | undefined;

const NUMBERS: Record<string, string> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp' };
/** Codes of ICMP that nft prints as numbers beside other types. */
const CODES: Record<string, string> = { '4': 'frag-needed' };

/** The protocol by nft's name: ICMP has another one in IPv6. */
function named({ protocol, source }: Packet): string {
  return protocol === 'icmp' && familyOf(source) === 'ipv6' ? 'ipv6-icmp' : protocol;
}

/** Whether all matches are true: false if one is false, else undefined if one is undefined. */
export function isAbout(statements: readonly Statement[], packet: Packet): Truth {
  const truths = statements.map((statement) => truthOf(statement, packet));
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** Statements that do not select packets. */
const HARMLESS = new Set(['counter', 'log', 'accept', 'drop', 'reject', 'return', 'jump', 'goto']);

function truthOf(statement: Statement, packet: Packet): Truth {
  if (!('match' in statement)) {
    const [word = ''] = Object.keys(statement);
    return HARMLESS.has(word) || isTarget(statement) ? true : undefined;
  }
  const { op, left, right } = statement.match as { op: string; left: unknown; right: unknown };
  if (isStatus(left)) return right === 'dnat' && op === 'in' ? packet.forwarded : undefined;
  const fragment = ofFragment(left, right, packet);
  if (fragment !== 'other') return op === '!=' ? negated(fragment) : fragment;
  const value = valueIn(left as Record<string, Record<string, string>>, packet);
  if (value === NOT_THERE) return false;
  if (value === undefined) return undefined;
  if (op === '==' || op === 'in') return isOneOf(value, right);
  if (op === '!=') return negated(isOneOf(value, right));
  return undefined;
}

function isStatus(left: unknown): boolean {
  return (left as { ct?: { key?: string } }).ct?.key === 'status';
}

/** A target of iptables for which nft has no words of its own. */
export function isTarget({ xt }: Statement, name?: string): boolean {
  const found = xt as { type?: string; name?: string } | undefined;
  return found?.type === 'target' && (name === undefined || found.name === name);
}

function negated(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

interface Fragmented {
  '&'?: [{ payload?: { protocol?: string; field?: string } }, number];
  exthdr?: { name?: string };
}

/** Bits of the field that holds the offset of a fragment (RFC 791 section 3.1). */
const OFFSET = 0x1fff;
const MORE_OR_OFFSET = 0x3fff;

/** Whether the field is as the match says; `other` where the match is about something else. */
function ofFragment(left: unknown, right: unknown, { laterFragment }: Packet): Truth | 'other' {
  const { '&': masked, exthdr } = left as Fragmented;
  if (exthdr) return exthdr.name === 'frag' ? laterFragment === right : undefined;
  const field = masked?.[0].payload;
  if (field?.protocol !== 'ip' || field.field !== 'frag-off') return 'other';
  const known = masked![1] === OFFSET || masked![1] === MORE_OR_OFFSET;
  return known && right === 0 ? laterFragment === undefined : undefined;
}

/** The packet has no such header. */
const NOT_THERE = 'no such header';

function valueIn(left: Record<string, Record<string, string>>, packet: Packet): Known {
  const { payload, meta, ct } = left;
  if (payload) return headerField(payload.protocol ?? '', payload.field ?? '', packet);
  if (ct?.key === 'state') return packet.state;
  switch (meta?.key) {
    case 'l4proto':
      return named(packet);
    case 'nfproto':
      return familyOf(packet.source);
    case 'iifname':
    case 'iif':
      return packet.in;
    case 'oifname':
    case 'oif':
      return packet.out;
    default:
      return undefined;
  }
}

function headerField(protocol: string, field: string, packet: Packet): Known {
  if (protocol === 'ip' || protocol === 'ip6') {
    if ((familyOf(packet.source) === 'ipv6') !== (protocol === 'ip6')) return NOT_THERE;
    const fields: Record<string, Known> = {
      saddr: packet.source,
      daddr: packet.destination,
      protocol: packet.protocol,
      nexthdr: named(packet),
    };
    return fields[field];
  }
  if (!['tcp', 'udp', 'icmp', 'icmpv6', 'th'].includes(protocol)) return undefined;
  if (packet.laterFragment) return NOT_THERE;
  const own = named(packet) === 'ipv6-icmp' ? 'icmpv6' : packet.protocol;
  if (protocol !== 'th' && protocol !== own) return NOT_THERE;
  const fields: Record<string, Known> = {
    sport: packet.sourcePort,
    dport: packet.destinationPort,
    type: packet.icmpType,
    code: packet.icmpCode,
  };
  return fields[field];
}

function isOneOf(value: string | number, right: unknown): Truth {
  if (typeof right === 'number') return [right, NUMBERS[right], CODES[right]].includes(value);
  if (typeof right === 'string') return isText(value, right);
  if (Array.isArray(right)) return anyOf(right.map((one) => isOneOf(value, one)));
  const { set, range, prefix } = right as {
    set?: unknown[];
    range?: unknown[];
    prefix?: { addr: string; len: number };
  };
  if (set) return anyOf(set.map((one) => isOneOf(value, one)));
  if (prefix && typeof value === 'string') return inSubnet(value, `${prefix.addr}/${prefix.len}`);
  const [from, to] = range ?? [];
  if (typeof from !== 'number' || typeof to !== 'number' || typeof value !== 'number') return undefined;
  return value >= from && value <= to;
}

/** A set by its name (`@…`) is not looked up. */
function isText(value: string | number, right: string): Truth {
  if (right.startsWith('@')) return undefined;
  if (right.endsWith('*')) return String(value).startsWith(right.slice(0, -1));
  return String(value) === right;
}

function anyOf(truths: Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}
