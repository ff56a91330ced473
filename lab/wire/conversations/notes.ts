/**
 * The notes on segments, in the order in which frames were first seen. Where a capture does not show what happened,
 * the note is the one that Wireshark's analysis would give.
 */

import { cardsOf } from '../cards.ts';
import type { Frame } from '../frame.ts';
import { nanosecondsBetween } from '../stamp.ts';
import { ACK, FIN, RST, SYN } from '../tcp.ts';
import type { SeenFrame } from '../timeline.ts';
import type { Conversation, Note, Segment, Side, Watched } from './conversation.ts';

/** Nanoseconds. A segment that fills a gap later than this was retransmitted; an earlier one was overtaken. */
const OVERTAKEN = 3_000_000;
/** The number of earlier segments among which the original of a forwarded or duplicate segment is looked for. */
const RECENT = 64;

/** The segments of one direction so far. */
interface Way {
  /** The number of the first byte that was seen: a capture may begin in the midst of a connection. */
  first?: number;
  /** The number after the last byte so far. */
  next?: number;
  /** The acknowledgement and the window of the last segment. */
  acknowledgement?: number;
  window?: number;
  /** The greatest number that it acknowledged. */
  acknowledged: number;
  /** Numbers never seen, from lower to higher. */
  gaps: { from: number; to: number; since: Segment }[];
  duplicateAcks: number;
  last?: Segment;
  fin?: Segment;
}

export class Notes {
  readonly #conversation: Conversation;
  readonly #captured: Watched;
  readonly #ways: Record<Side, Way> = { client: newWay(), server: newWay() };
  #step: 'new' | 'asked' | 'answered' | 'open' | 'refused' = 'new';
  #closed = false;
  /** Whether both sides sent a SYN of their own, and the sides that have answered the other's. */
  #bothAsk = false;
  readonly #answered = new Set<Side>();

  constructor(conversation: Conversation, captured: Watched) {
    this.#conversation = conversation;
    this.#captured = captured;
  }

  /** Whether a SYN was sent, and there is no answer yet. */
  opens(): boolean {
    return this.#step === 'asked';
  }

  /** Adds the notes and the phase of the next segment. */
  take(segment: Segment): void {
    const [way, back] = this.#waysOf(segment);
    const before = this.#forwarded(segment);
    if (before) {
      segment.notes.push('forwarded');
      segment.copyOf = before.copyOf ?? before;
      return;
    }
    const { flags } = segment;
    if (flags & RST) this.#reset(segment);
    else {
      const again = !this.#isOwnAnswer(segment) && this.#sequence(segment, way, back);
      if (flags & SYN) this.#syn(segment, again);
      else if (flags & ACK) this.#acknowledges(segment, way, back);
      if (flags & ACK && !(flags & SYN)) this.#handshake(segment);
      this.#closing(segment, way, back, again);
    }
    remember(segment, way);
  }

  #waysOf({ from }: Segment): [Way, Way] {
    const { client, server } = this.#ways;
    return from === 'client' ? [client, server] : [server, client];
  }

  /** Returns true for bytes that have been sent before. */
  #sequence(segment: Segment, way: Way, back: Way): boolean {
    const { sequence, end, notes } = segment;
    if (way.next === undefined) return false;
    const probe = this.#probe(segment, way, back);
    if (probe) {
      notes.push(probe);
      return true;
    }
    if (end === sequence) return false;
    if (sequence > way.next) {
      notes.push('gap');
      way.gaps.push({ from: way.next, to: sequence, since: segment });
      return false;
    }
    if (sequence === way.next) return false;
    const place = gapAfter(way.gaps, sequence);
    const gap = way.gaps[place];
    if (gap && gap.from < end) {
      notes.push(fillsLate(segment, gap.since, back) ? 'retransmission' : 'out of order');
      fill(way, place, segment);
      return false;
    }
    const note = this.#again(segment, back);
    notes.push(note);
    if (note !== 'duplicate' && sequence >= way.first!) segment.resent = true;
    return true;
  }

  /** A segment with the last byte again, or none: a question whether the peer is still there, or has room again. */
  #probe({ sequence, length, flags }: Segment, way: Way, back: Way): Note | undefined {
    if (flags & (SYN | FIN) || length > 1) return undefined;
    const full = back.window === 0;
    if (length === 1 && full && sequence === way.next) return 'window probe';
    if (sequence !== way.next! - 1) return undefined;
    if (full) return 'window probe';
    return length === 0 || back.acknowledged >= way.next! ? 'keepalive' : undefined;
  }

  #again(segment: Segment, back: Way): Note {
    if (this.#isDuplicate(segment)) return 'duplicate';
    return back.acknowledged >= segment.end ? 'spurious retransmission' : 'retransmission';
  }

  /** The same packet again, seen at another card, or not sent again where the sender was captured. */
  #isDuplicate({ seen, from }: Segment): boolean {
    const { ipv4 } = seen.frame;
    const before = this.#recent().filter((other) => other.from === from && isSamePacket(other.seen, seen));
    if (before.length === 0) return false;
    if (before.every((other) => isElsewhere(other.seen, seen))) return true;
    if (seen.sightings.some(({ way }) => way === 'out')) return false;
    return this.#captured.has(this.#conversation[from].address) || Boolean(ipv4?.identification);
  }

  /** The segment before, if this is the same with fewer hops left and on another link. */
  #forwarded({ seen, sequence, end, acknowledgement, flags, from }: Segment): Segment | undefined {
    const { frame } = seen;
    return this.#recent().find((other) => {
      const before = other.seen.frame;
      return (
        other.from === from &&
        other.sequence === sequence &&
        other.end === end &&
        other.acknowledgement === acknowledgement &&
        other.flags === flags &&
        hops(frame) < hops(before) &&
        frame.tcp!.checksum === before.tcp!.checksum &&
        frame.ipv4?.identification === before.ipv4?.identification &&
        isOtherCard(frame, before)
      );
    });
  }

  #recent(): Segment[] {
    return this.#conversation.segments.slice(-RECENT);
  }

  #syn(segment: Segment, again: boolean): void {
    const { flags, notes, from } = segment;
    const answer = (flags & ACK) !== 0;
    notes.unshift(answer ? 'SYN+ACK' : 'SYN');
    segment.phase = 'handshake';
    if (again) return;
    if (!answer && this.#step === 'asked') {
      this.#bothAsk = true;
      notes.push('simultaneous open');
    }
    if (answer && this.#bothAsk) this.#bothAnswer(segment, from);
    else if (this.#step === 'new' || this.#step === 'asked') this.#step = answer ? 'answered' : 'asked';
  }

  /** In a simultaneous open the answer has the number of the SYN before, but it is not a retransmission. */
  #isOwnAnswer({ flags, from }: Segment): boolean {
    return this.#bothAsk && (flags & (SYN | ACK)) === (SYN | ACK) && !this.#answered.has(from);
  }

  /** Each side answers the other's SYN: the second answer opens the connection. */
  #bothAnswer({ notes }: Segment, from: Side): void {
    this.#answered.add(from);
    if (this.#answered.size < 2) return;
    this.#step = 'open';
    notes.push('handshake done');
  }

  #handshake(segment: Segment): void {
    if (this.#step !== 'answered' || segment.from !== 'client' || segment.acknowledgement! < 1) return;
    this.#step = 'open';
    segment.notes.unshift('handshake done');
    if (segment.length === 0 && !(segment.flags & FIN)) segment.phase = 'handshake';
  }

  #acknowledges(segment: Segment, way: Way, back: Way): void {
    const { acknowledgement, window, length, flags, sequence, notes } = segment;
    if (window === 0) notes.push('zero window');
    const bare = length === 0 && !(flags & FIN) && sequence === way.next;
    if (!bare || acknowledgement !== way.acknowledgement) return;
    if (window !== way.window) {
      // The window of a SYN is not scaled, so it cannot be compared.
      if (window > 0 && !(way.last!.flags & SYN)) notes.push('window update');
      return;
    }
    if (back.last?.notes.includes('keepalive')) notes.push('keepalive ack');
    else if (window > 0) {
      way.duplicateAcks += 1;
      notes.push('duplicate ack');
    }
  }

  #reset(segment: Segment): void {
    const { notes, from } = segment;
    notes.push('reset');
    if (this.#step !== 'asked' || from !== 'server') return;
    this.#step = 'refused';
    notes.push('refused');
    segment.phase = 'refused';
    for (const earlier of this.#conversation.segments) if (earlier.phase) earlier.phase = 'refused';
  }

  #closing(segment: Segment, way: Way, back: Way, again: boolean): void {
    const { flags, acknowledgement = -1, notes, length } = segment;
    if (flags & FIN) {
      segment.phase = 'closing';
      if (!way.fin) notes.unshift('FIN');
      way.fin ??= segment;
      const other = back.fin;
      if (other && acknowledgement < other.end && !notes.includes('simultaneous close') && !again) {
        notes.push('simultaneous close');
      }
    }
    if (!back.fin || acknowledgement < back.fin.end) return;
    const more = length > 0 && !again && (way.fin ?? segment) === segment;
    if (more && !back.fin.notes.includes('half-close')) back.fin.notes.push('half-close');
    if (way.acknowledged >= back.fin.end) return;
    notes.push('FIN acknowledged');
    segment.phase = 'closing';
    if (way.fin && back.acknowledged >= way.fin.end && !this.#closed) {
      this.#closed = true;
      notes.push('closed');
    }
  }
}

function newWay(): Way {
  return { acknowledged: Number.NEGATIVE_INFINITY, gaps: [], duplicateAcks: 0 };
}

function remember(segment: Segment, way: Way): void {
  const { sequence, end, acknowledgement, window, flags } = segment;
  way.last = segment;
  if (flags & RST) return;
  way.first ??= sequence;
  if (way.next === undefined || end > way.next) way.next = end;
  if (acknowledgement === undefined) return;
  if (acknowledgement > way.acknowledged) {
    way.acknowledged = acknowledgement;
    way.duplicateAcks = 0;
  }
  way.acknowledgement = acknowledgement;
  way.window = window;
}

/** Whether the other side has asked for the segment again, or has waited long. */
function fillsLate({ seen }: Segment, since: Segment, back: Way): boolean {
  if (back.duplicateAcks >= 2) return true;
  return nanosecondsBetween(since.seen.sightings[0]!, seen.sightings[0]!) > OVERTAKEN;
}

/** Index of the first gap that ends after the number. The gaps do not touch, and are in order. */
function gapAfter(gaps: Way['gaps'], number: number): number {
  let [from, to] = [0, gaps.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (gaps[middle]!.to > number) to = middle;
    else from = middle + 1;
  }
  return from;
}

function fill(way: Way, place: number, { sequence, end }: Segment): void {
  const gap = way.gaps[place]!;
  const rest = [
    { ...gap, to: Math.min(gap.to, sequence) },
    { ...gap, from: Math.max(gap.from, end) },
  ];
  way.gaps.splice(place, 1, ...rest.filter(({ from, to }) => from < to));
}

function hops({ ipv4, ipv6 }: Frame): number {
  return ipv4?.ttl ?? ipv6!.hopLimit;
}

/** Whether another card sent the frame, as a router does. True too on a link that does not name senders. */
function isOtherCard(frame: Frame, before: Frame): boolean {
  const [source, first] = [cardsOf(frame).source, cardsOf(before).source];
  return source === undefined || source !== first;
}

/** Compares from the first byte of IP: the link before it may differ. */
function isSamePacket({ frame: one }: SeenFrame, { frame: other }: SeenFrame): boolean {
  return Buffer.compare(packetOf(one), packetOf(other)) === 0;
}

function packetOf({ bytes, ip, payload }: Frame): Uint8Array {
  return bytes.subarray(ip!.start, payload.end);
}

/** Captured at two cards that are not known to be on one network, or at two cards of one cooked capture. */
function isElsewhere(one: SeenFrame, other: SeenFrame): boolean {
  const [mine, theirs] = [placeOf(one), placeOf(other)];
  return mine !== undefined && theirs !== undefined && mine !== theirs;
}

function placeOf({ frame: { links }, sightings: [first] }: SeenFrame): string | undefined {
  const cooked = links[0]?.kind === 'cooked' ? links[0].interfaceIndex : undefined;
  // A lab's cards have MACs and a network: a frame that is there twice was sent or forwarded twice.
  return first?.card.mac === '' ? `${first.card.network} ${cooked ?? ''}` : undefined;
}
