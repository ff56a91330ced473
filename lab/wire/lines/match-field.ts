/** One field of a line as a condition on a frame. */

import type { Frame } from '../frame.ts';
import { checksums } from '../frame-checksums.ts';
import { ACK } from '../tcp.ts';
import type { SeenFrame } from '../timeline.ts';
import { applicationAddresses, applicationName, dhcpOf, httpOf, ircOf } from './application.ts';
import { type Condition, condition, type Scope } from './condition.ts';
import type { AddressField, CardField, Field, Line, NumberField, NumberTest } from './line.ts';
import { numberHolds, sayNumber } from './number.ts';
import { isAddressOf, isCardOf, nameOfAddress, nameOfCard } from './parties.ts';
import { printParty } from './print.ts';

export function ofField(field: Field, line: Line, scope: Scope): Condition {
  if ('number' in field) return ofNumber(field.field, field.number, line, scope);
  if ('card' in field) return ofCard(field, scope);
  if ('whom' in field) return ofAddress(field, line, scope);
  switch (field.field) {
    case 'text':
      return ofText(field.text);
    case 'name':
      return ofName(field.text, line);
    case 'path':
      return ofPath(field.text);
    case 'to':
      return ofParameter('it is to', field.text, ([first]) => first);
    case 'says':
      return ofParameter('it says', field.text, (params) => params.at(-1));
    case 'checksum':
      return ofChecksum(field.right);
    case 'df':
      return ofSwitch(field.is, isKept, ['it may be fragmented', 'it may not be fragmented']);
    case 'retransmission':
      return ofRetransmission(field.is, scope);
    case 'fragment':
      return ofSwitch(field.is, isFragment, ['it is not a fragment', 'it is a fragment']);
    default:
      return field satisfies never;
  }
}

function ofSwitch(
  wanted: boolean,
  is: (frame: Frame) => boolean,
  says: [no: string, yes: string],
): Condition {
  return {
    holds: ({ frame }) => is(frame) === wanted,
    differs: ({ frame }) => says[is(frame) ? 1 : 0],
  };
}

/** Without followed conversations it is not known whether a segment is a retransmission: then no line holds. */
function ofRetransmission(wanted: boolean, { resent }: Scope): Condition {
  return {
    holds: (seen) => resent?.(seen) === wanted,
    differs: (seen) => (resent?.(seen) ? 'it is a retransmission' : 'its bytes were not seen before'),
  };
}

/** Whether the sender forbids fragmentation on the way. */
function isKept({ ipv4 }: Frame): boolean {
  return ipv4?.dontFragment === true;
}

export function isFragment({ ip }: Frame): boolean {
  return ip !== undefined && (ip.moreFragments || ip.fragmentOffset > 0);
}

function ofCard(
  { field, card }: { field: CardField; card: Line['source']['party'] },
  { cards }: Scope,
): Condition {
  const isOne = isCardOf(card, cards);
  const mac = ({ frame }: SeenFrame) => frame.ethernet?.[field === 'mac' ? 'destination' : 'source'];
  return condition({
    subject: field === 'mac' ? 'the card it is sent to is' : 'the card it comes from is',
    wanted: `that of ${printParty(card)}`,
    holds: (seen) => isOne(mac(seen) ?? '', seen.frame),
    found: (seen) => `that of ${nameOfCard(mac(seen) ?? 'nobody', cards)}`,
  });
}

export function payloadOf({ bytes, payload }: Frame): Uint8Array {
  return bytes.subarray(payload.start, payload.end);
}

/** Longer payloads are shown by their length. */
const MOST_SHOWN = 40;

const SUBJECTS: Record<AddressField, string> = {
  gives: 'it gives',
  asks: 'it asks for',
  server: 'its server is',
  relay: 'its relay is',
  router: 'its router is',
  dns: 'its name server is',
};

function ofAddress(
  { field, whom }: { field: AddressField; whom: Line['source']['party'] },
  { protocol }: Line,
  { cards }: Scope,
): Condition {
  const isOne = isAddressOf(whom, cards);
  const all = ({ frame }: SeenFrame) => applicationAddresses(field, protocol, frame);
  return condition({
    subject: SUBJECTS[field],
    wanted: printParty(whom),
    holds: (seen) => all(seen).some((address) => isOne(address, seen.frame)),
    found: (seen) =>
      all(seen)
        .map((address) => nameOfAddress(address, cards))
        .join(' and ') || 'none',
  });
}

/** Names are the same in any case (RFC 1035 section 2.3.3). */
function ofName(name: string, { protocol }: Line): Condition {
  return condition({
    subject: 'it is about',
    wanted: name,
    holds: ({ frame }) => applicationName(protocol, frame)?.toLowerCase() === name.toLowerCase(),
    found: ({ frame }) => applicationName(protocol, frame) ?? 'no name',
  });
}

function ofPath(path: string): Condition {
  return condition({
    subject: 'it asks for',
    wanted: path,
    holds: ({ frame }) => httpOf(frame)?.path === path,
    found: ({ frame }) => httpOf(frame)?.path ?? 'nothing',
  });
}

/** Whether some line of IRC in the segment has this parameter. */
function ofParameter(
  subject: string,
  wanted: string,
  find: (params: readonly string[]) => string | undefined,
): Condition {
  const all = ({ frame }: SeenFrame) => ircOf(frame)?.flatMap(({ params }) => find(params) ?? []) ?? [];
  return condition({
    subject,
    wanted: JSON.stringify(wanted),
    holds: (seen) => all(seen).includes(wanted),
    found: (seen) =>
      all(seen)
        .map((one) => JSON.stringify(one))
        .join(' and ') || 'nothing',
  });
}

function ofText(text: string): Condition {
  const wanted = new TextEncoder().encode(text);
  return condition({
    subject: 'its payload is',
    wanted: JSON.stringify(text),
    holds: ({ frame }) => sameBytes(payloadOf(frame), wanted),
    found: ({ frame }) => showPayload(payloadOf(frame)),
  });
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function showPayload(bytes: Uint8Array): string {
  const text = bytes.length > MOST_SHOWN ? undefined : asText(bytes);
  if (bytes.length === 0) return 'empty';
  return text === undefined ? `${bytes.length} bytes` : JSON.stringify(text);
}

/** The bytes as printable text; undefined where they are not such a text. */
export function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /^[\t\n\r\P{C}]*$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function ofChecksum(right: boolean): Condition {
  return condition({
    subject: 'its checksum is',
    wanted: right ? 'right' : 'wrong',
    holds: ({ frame }) => sayChecksum(frame) === (right ? 'right' : 'wrong'),
    found: ({ frame }) => sayChecksum(frame),
  });
}

/** Wrong where any checksum of the frame is wrong; a datagram without a checksum is right. */
function sayChecksum(frame: Frame): string {
  const { ipv4, transport } = checksums(frame);
  if (ipv4 === 'wrong' || transport === 'wrong') return 'wrong';
  if (transport === 'unknown') return 'unknown: not all that it covers was captured';
  return ipv4 === undefined && transport === undefined ? 'not there' : 'right';
}

function ofNumber(field: NumberField, wanted: NumberTest, line: Line, scope: Scope): Condition {
  const find = finderOf(field, wanted, line, scope);
  const plus = wanted.relative ? '+' : '';
  return condition({
    subject: `${field} is`,
    wanted: sayNumber(wanted),
    holds: (seen) => find(seen).some((found) => numberHolds(wanted, found)),
    found: (seen) =>
      find(seen)
        .map((found) => plus + found)
        .join(' and ') || 'not there',
  });
}

/** The values of a field in a frame; only `vlan` can have several. */
function finderOf(
  field: NumberField,
  { relative }: NumberTest,
  { protocol }: Line,
  { segment }: Scope,
): (seen: SeenFrame) => number[] {
  const echo = protocol === 'icmp' || protocol === 'icmpv6';
  if (field === 'vlan') return ({ frame }) => frame.vlans.map(({ id }) => id);
  if (relative && field === 'seq') return (seen) => some(segment?.(seen)?.relativeSequence);
  if (relative && field === 'ack')
    return (seen) => (hasAck(seen.frame) ? some(segment?.(seen)?.relativeAcknowledgement) : []);
  return ({ frame }) => some(echo ? echoNumber(field, frame) : numberOf(field, frame));
}

function some(value: number | undefined): number[] {
  return value === undefined ? [] : [value];
}

function hasAck({ tcp }: Frame): boolean {
  return tcp !== undefined && (tcp.flags & ACK) !== 0;
}

/** For ICMP, `id` and `seq` are the ones of an echo. */
function echoNumber(field: NumberField, frame: Frame): number | undefined {
  const layer = frame.icmp ?? frame.icmpv6;
  if (field === 'id') return layer?.identifier;
  return field === 'seq' ? layer?.sequence : numberOf(field, frame);
}

export function numberOf(field: NumberField, frame: Frame): number | undefined {
  const { ip, ipv4, tcp, payload } = frame;
  switch (field) {
    case 'ttl':
      return ip?.kind === 'ipv6' ? ip.hopLimit : ip?.ttl;
    case 'len':
      return payload.end - payload.start;
    case 'id':
      return ipv4?.identification;
    case 'win':
      return tcp?.window;
    case 'seq':
      return tcp?.sequence;
    case 'ack':
      return hasAck(frame) ? tcp?.acknowledgement : undefined;
    case 'mss':
      return tcp?.options.find(({ mss }) => mss !== undefined)?.mss;
    case 'vlan':
      return frame.vlans[0]?.id;
    case 'dscp':
      return ip?.dscp;
    case 'lease':
      return dhcpOf(frame)?.lease;
    default:
      return field satisfies never;
  }
}
