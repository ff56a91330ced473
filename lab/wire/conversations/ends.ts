/**
 * The states of a conversation's ends, at every segment. An end changes its state when it sends and when it
 * receives. For a captured end, that is when its own card saw the frame: a segment lost on the way changes only
 * its sender. An end that was not captured has received a segment when one of its own segments acknowledges it. The
 * copy that it received is the last one that routers made.
 */

import { nanosecondsBetween } from '../stamp.ts';
import { ACK, RST, SYN } from '../tcp.ts';
import type { Sighting } from '../timeline.ts';
import type { Conversation, Segment, Side, Watched } from './conversation.ts';
import { type End, newEnd, receives, sends, type TcpState } from './state.ts';

/** A segment left one end, or came to the other. */
interface Event {
  segment: Segment;
  /** The place of the segment in the conversation. */
  index: number;
  side: Side;
  kind: 'sent' | 'received';
  at: Sighting;
}

export function settleEnds(conversation: Conversation, captured: Watched): void {
  const ends = {
    client: newEnd(undefined, conversation.begun),
    server: newEnd(firstState(conversation), conversation.begun),
  };
  let asking: Segment | undefined;
  for (const { segment, side, kind } of eventsOf(conversation, captured)) {
    const end = ends[side];
    const before = end.state;
    if (kind === 'received') {
      noteOrder(segment, end, captured.has(conversation[side].address));
      receives(end, segment);
      if (end.asked && segment.flags & SYN) asking = segment;
    } else sends(end, segment);
    show(segment, kind, side, ends);
    if (end.state === undefined || end.state === before) continue;
    // The server took the connection when the SYN came that this segment answers.
    const taken = kind === 'sent' && end.state === 'SYN-RECEIVED' ? asking : undefined;
    if (taken) change(taken, 'received', side, end.state);
    else change(segment, kind, side, end.state);
  }
  fillIn(conversation.segments);
}

/** The server's state at first: CLOSED where its first answer is a reset; undefined where there is no answer. */
function firstState({ segments }: Conversation): TcpState | undefined {
  const first = segments.find(({ from }) => from === 'server');
  if (!first) return undefined;
  if (first.flags & RST) return 'CLOSED';
  return (first.flags & (SYN | ACK)) === (SYN | ACK) ? 'LISTEN' : undefined;
}

function change(segment: Segment, kind: Event['kind'], side: Side, state: TcpState): void {
  if (kind === 'sent') segment.sender = state;
  else segment.receiver = state;
  segment.states = { ...segment.states, [side]: state };
}

/** A received segment changes only the state of its receiver: the sender's state is that at the time of sending. */
function show(
  segment: Segment,
  kind: Event['kind'],
  side: Side,
  { client, server }: Record<Side, End>,
): void {
  const all = {
    ...(client.state !== undefined && { client: client.state }),
    ...(server.state !== undefined && { server: server.state }),
  };
  const sent = kind === 'received' && Object.keys(segment.states).length > 0;
  segment.states = sent ? { ...segment.states, ...(all[side] && { [side]: all[side] }) } : all;
}

/** A segment that neither end sent nor received leaves the states as they were. */
function fillIn(segments: readonly Segment[]): void {
  let last: Segment['states'] = {};
  for (const segment of segments) {
    if (Object.keys(segment.states).length === 0) segment.states = last;
    last = segment.states;
  }
}

/** Notes segments that were sent in order and overtaken on the way: the receiver's own capture shows that. */
function noteOrder({ notes, sequence, end: after, flags }: Segment, end: End, watched: boolean): void {
  if (!watched || notes.length > 0 || flags & (SYN | RST) || after === sequence) return;
  if (end.next !== undefined && after <= end.highest && sequence >= end.next) notes.push('out of order');
}

/** In order of time. At the same time the order of the frames counts, and sending comes before receiving. */
function eventsOf({ segments, client, server, beyond }: Conversation, captured: Watched): Event[] {
  const watched = { client: captured.has(client.address), server: captured.has(server.address) };
  const sightingAt = sightingsAt(captured);
  const address = { client: client.address, server: server.address };
  const copies = new Map(segments.flatMap((one) => (one.copyOf ? [[one.copyOf, one] as const] : [])));
  const before: Event[][] = segments.map(() => []);
  const told = {
    client: new Acknowledgements(segments, 'client'),
    server: new Acknowledgements(segments, 'server'),
  };
  const events: Event[] = [];
  for (const [index, segment] of segments.entries()) {
    const from = segment.from;
    const to = from === 'client' ? 'server' : 'client';
    const copy = segment.notes.includes('forwarded');
    const first = segment.seen.sightings[0]!;
    const left = watched[from] ? sightingAt(segment, address[from], 'out') : copy ? undefined : first;
    if (left) events.push({ segment, index, side: from, kind: 'sent', at: left });
    const arrival = (at: Sighting): Event => ({ segment, index, side: to, kind: 'received', at });
    const last = copies.get(segment) ?? segment;
    const handedOver = { ...arrival(last.seen.sightings[0]!), segment: last };
    if (watched[to]) {
      const came = sightingAt(segment, address[to], 'in');
      if (came) events.push(arrival(came));
      continue;
    }
    if (copy) continue;
    const place = told[to].firstTelling(segment, index);
    if (place === 'at once') events.push(handedOver);
    else if (place !== 'never') before[place]!.push(handedOver);
  }
  return events
    .map((event, order) => ({ event, order }))
    .sort((a, b) => inTime(a.event.at, b.event.at) || a.order - b.order)
    .flatMap(({ event }) => (event.kind === 'sent' ? [...before[event.index]!, event] : [event]))
    .filter(({ side }) => !beyond?.includes(side));
}

/** Compares times as if the clock had never been set back. */
function inTime(a: Sighting, b: Sighting): number {
  return nanosecondsBetween(b, a) + (a.setBack ?? 0) - (b.setBack ?? 0);
}

/** The sighting at any card of the host that has the address: a packet for one card's address may come by another. */
function sightingsAt(captured: Watched) {
  return ({ seen }: Segment, address: string, way: 'out' | 'in'): Sighting | undefined => {
    const host = captured.get(address);
    return seen.sightings.find(
      ({ card, way: passed }) => passed === way && (card.host === host || card.addresses.includes(address)),
    );
  };
}

/** For an end that was not captured: when segments came to it, by the acknowledgements in its own segments. */
class Acknowledgements {
  /** The places of its own segments, and the greatest number acknowledged until then. */
  readonly #places: number[] = [];
  readonly #acknowledged: number[] = [];
  #last = -1;

  constructor(segments: readonly Segment[], side: Side) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (const [index, { from, acknowledgement }] of segments.entries()) {
      if (from !== side) continue;
      greatest = Math.max(greatest, acknowledgement ?? greatest);
      this.#places.push(index);
      this.#acknowledged.push(greatest);
    }
  }

  /** The place of its first own segment that shows the arrival of this one. A later segment does not come earlier. */
  firstTelling({ sequence, end, flags }: Segment, index: number): number | 'at once' | 'never' {
    const later = firstFrom(this.#places, index);
    if (later === this.#places.length) return 'at once';
    if (end === sequence || flags & RST) return this.#last > index ? this.#last : 'at once';
    const place = this.#places[Math.max(later, firstFrom(this.#acknowledged, end))];
    if (place === undefined) return 'never';
    this.#last = Math.max(this.#last, place);
    return this.#last;
  }
}

/** Index of the first number that is at least `least`. */
function firstFrom(sorted: readonly number[], least: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! >= least) to = middle;
    else from = middle + 1;
  }
  return from;
}
