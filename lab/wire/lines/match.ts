/**
 * A line against a frame. A line becomes a pattern: the protocol, and conditions that hold or tell what they found
 * instead. So the message about a missing frame can show how the nearest frame differs.
 */

import type { Frame } from '../frame.ts';
import type { Membership } from '../igmp.ts';
import { igmpWords } from '../igmp-words.ts';
import { tcpFlags } from '../tcp.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import {
  type Application,
  applicationWords,
  dhcpOf,
  dnsOf,
  httpOf,
  ircOf,
  isApplication,
  tlsOf,
} from './application.ts';
import { type Condition, condition, type Scope } from './condition.ts';
import { flagsBetween, flagsMatch } from './flags.ts';
import { type End, isBetweenCards, type Line, type Party, transportOf, type Word } from './line.ts';
import { ofField } from './match-field.ts';
import { isMessage, showMessage } from './messages.ts';
import { addressesOf, isAddressOf, isCardOf, isSame, nameOfAddress, nameOfCard } from './parties.ts';
import { printParty, printWord } from './print.ts';

export interface Pattern {
  line: Line;
  /** As its author wrote it. */
  text: string;
  /** Whether the frame has the line's protocol. */
  covers(seen: SeenFrame): boolean;
  /** The conditions on the sender and its port, and on the receiver and its port. */
  source: Condition[];
  destination: Condition[];
  /** The conditions on both ends, and all others. */
  conditions: Condition[];
  /** Whether the frame goes between the same two ends, in either direction. */
  concerns(seen: SeenFrame): boolean;
}

export function compile(line: Line, text: string, scope: Scope): Pattern {
  const [from, to] = portsOf(line, scope);
  const source = endConditions(line, 'source', line.source, from, scope);
  const destination = endConditions(line, 'destination', line.destination, to, scope);
  const back = [
    ...endConditions(line, 'source', line.destination, to, scope),
    ...endConditions(line, 'destination', line.source, from, scope),
  ];
  const word = line.word ? [ofWord(line.word, line.protocol, scope)] : [];
  const conditions = [
    ...source,
    ...destination,
    ...word,
    ...line.fields.map((field) => ofField(field, line, scope)),
  ];
  const covers = ({ frame }: SeenFrame) => isOf(frame, line.protocol);
  return {
    line,
    text,
    covers,
    source,
    destination,
    conditions,
    concerns: (seen) => covers(seen) && (all([...source, ...destination], seen) || all(back, seen)),
  };
}

function isOf(frame: Frame, protocol: Line['protocol']): boolean {
  if (protocol === 'dhcp') return dhcpOf(frame) !== undefined;
  if (protocol === 'dns') return dnsOf(frame) !== undefined;
  if (protocol === 'http') return httpOf(frame) !== undefined;
  if (protocol === 'irc') return ircOf(frame) !== undefined;
  if (protocol === 'tls') return tlsOf(frame) !== undefined;
  return protocol === 'frame' || frame[protocol] !== undefined;
}

export function matches({ covers, conditions }: Pattern, seen: SeenFrame): boolean {
  return covers(seen) && all(conditions, seen);
}

/** All differences of a frame with the line's protocol: `flags are RST+ACK, not SYN+ACK`. */
export function differences({ conditions }: Pattern, seen: SeenFrame): string[] {
  return conditions.filter((condition) => !condition.holds(seen)).map((condition) => condition.differs(seen));
}

export function all(conditions: readonly Condition[], seen: SeenFrame): boolean {
  for (const condition of conditions) if (!condition.holds(seen)) return false;
  return true;
}

interface Port {
  port: number;
  /** The port is the conversation's, not the line's. */
  bound: boolean;
}

/** The ports that a line asks for: its own, or, for a line between the ends of the step's conversation, the ports of it. */
function portsOf(line: Line, { conversation, cards }: Scope): [Port | undefined, Port | undefined] {
  const { source, destination } = line;
  if (source.port !== undefined || destination.port !== undefined) return [own(source), own(destination)];
  if (conversation?.protocol !== transportOf(line.protocol)) return [undefined, undefined];
  const { local, remote } = conversation;
  const isEnd = (end: End, other: End | undefined) =>
    other === undefined ? addressesOf(end.party, cards).length > 0 : isSame(end.party, other.party, cards);
  if (isEnd(source, local) && isEnd(destination, remote)) return [bound(local), bound(remote)];
  if (isEnd(source, remote) && isEnd(destination, local)) return [bound(remote), bound(local)];
  return [undefined, undefined];
}

function own({ port }: End): Port | undefined {
  return port === undefined ? undefined : { port, bound: false };
}

function bound(end: End | undefined): Port | undefined {
  return end?.port === undefined ? undefined : { port: end.port, bound: true };
}

type EndOfLine = 'source' | 'destination';

function endConditions(
  line: Line,
  side: EndOfLine,
  end: End,
  port: Port | undefined,
  scope: Scope,
): Condition[] {
  const conditions = end.party.kind === 'any' ? [] : [ofParty(line, side, end, scope)];
  return port ? [...conditions, ofPort(line, side, port)] : conditions;
}

function ofParty(line: Line, side: EndOfLine, { party }: End, { cards }: Scope): Condition {
  const between = isBetweenCards(line.protocol);
  const isOne = between ? isCardOf(party, cards) : isAddressOf(party, cards);
  const name = between ? nameOfCard : nameOfAddress;
  const literal = ({ frame }: SeenFrame) => (between ? frame.ethernet?.[side] : frame.ip?.[side]);
  return condition({
    subject: side === 'source' ? 'its sender is' : 'it is sent to',
    wanted: printParty(party),
    holds: (seen) => isOne(literal(seen) ?? '', seen.frame),
    found: (seen) => name(literal(seen) ?? 'nobody', cards),
  });
}

function ofPort(line: Line, side: EndOfLine, { port, bound }: Port): Condition {
  const field = side === 'source' ? 'sourcePort' : 'destinationPort';
  const found = ({ frame }: SeenFrame) =>
    (transportOf(line.protocol) === 'tcp' ? frame.tcp : frame.udp)?.[field];
  return condition({
    subject: `${side} port is`,
    wanted: bound ? `${port} (of this step's own conversation)` : String(port),
    holds: (seen) => found(seen) === port,
    found: (seen) => String(found(seen) ?? 'not there'),
  });
}

function ofWord(word: Word, protocol: Line['protocol'], { cards }: Scope): Condition {
  switch (word.word) {
    case 'who-has':
      return ofWhoHas(word.whom, cards);
    case 'is-at':
      return ofIsAt(word.card ?? { kind: 'any' }, cards);
    case 'query':
    case 'join':
    case 'leave':
      return ofMembership(word.word, word.group, cards);
    case 'message':
      return isApplication(protocol) ? ofMessageAbove(protocol, word.message) : ofMessage(word.message);
    case 'flags':
      return condition({
        subject: 'flags are',
        wanted: tcpFlags(word.flags),
        holds: ({ frame }) => flagsMatch(word.flags, frame.tcp!.flags),
        found: ({ frame }) => tcpFlags(frame.tcp!.flags),
        distance: ({ frame }) => flagsBetween(word.flags, frame.tcp!.flags),
      });
    default:
      return word satisfies never;
  }
}

function ofMembership(says: Membership, group: Party | undefined, cards: readonly Card[]): Condition {
  const isOne = group && isAddressOf(group, cards);
  return condition({
    subject: 'it says',
    wanted: printWord({ word: says, ...(group && { group }) }),
    holds: ({ frame, frame: { igmp } }) =>
      igmp!.groups.some((one) => one.says === says && (isOne?.(one.group, frame) ?? true)),
    found: ({ frame: { igmp } }) => igmpWords(igmp!),
  });
}

function ofMessage(message: string): Condition {
  return condition({
    subject: 'it says',
    wanted: message,
    holds: ({ frame }) => isMessage((frame.icmp ?? frame.icmpv6)!, message),
    found: ({ frame }) => showMessage((frame.icmp ?? frame.icmpv6)!),
  });
}

function ofMessageAbove(protocol: Application, message: string): Condition {
  return condition({
    subject: 'it says',
    wanted: message,
    holds: ({ frame }) => applicationWords(protocol, frame).includes(message),
    found: ({ frame }) => applicationWords(protocol, frame).join(' and ') || 'nothing',
  });
}

function ofWhoHas(whom: Party, cards: readonly Card[]): Condition {
  const isOne = isAddressOf(whom, cards);
  return {
    holds: ({ frame: { arp }, frame }) => arp?.operation === 1 && isOne(arp.targetAddress, frame),
    differs: ({ frame: { arp } }) =>
      arp?.operation === 1
        ? `it asks for ${nameOfAddress(arp.targetAddress, cards)}, not for ${printParty(whom)}`
        : 'it is an answer, not a question',
  };
}

function ofIsAt(card: Party, cards: readonly Card[]): Condition {
  const isOne = isCardOf(card, cards);
  return {
    holds: ({ frame: { arp }, frame }) => arp?.operation === 2 && isOne(arp.senderMac, frame),
    differs: ({ frame: { arp } }) =>
      arp?.operation === 2
        ? `it answers with the card of ${nameOfCard(arp.senderMac, cards)}, not of ${printParty(card)}`
        : 'it is a question, not an answer',
  };
}
