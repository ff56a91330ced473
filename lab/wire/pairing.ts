/**
 * Sightings of equal bytes on one network, told apart: an ARP request asked three times is three frames, each seen
 * at its sender and at whoever received it. What was sent first arrives first.
 */
import type { Card, Sighting } from './timeline.ts';

export interface OneSighting {
  sighting: Sighting;
  /** Nanoseconds since an instant that is the same for all. */
  time: number;
}

/** A receiver's stamp may be so much earlier than its sender's. */
const REVERSED = 1_000_000;
/** Receivers' stamps of a frame whose sender was not captured are no further apart. */
const TOGETHER = 50_000_000;

/** One list a frame: the sender's sighting first where there is one, then by time. No card is in a list twice. */
export function pairSightings(all: readonly OneSighting[]): OneSighting[][] {
  if (all.length === 1) return [[...all]];
  const sorted = all.toSorted(bySeen);
  const sent = sorted.filter(({ sighting }) => sighting.way === 'out');
  const frames = sent.map((seen) => [seen]);
  const unsent: OneSighting[] = [];
  const received = Map.groupBy(
    sorted.filter(({ sighting }) => sighting.way === 'in'),
    ({ sighting }) => sighting.card,
  );
  for (const atOneCard of received.values()) unsent.push(...deliver(sent, atOneCard, frames));
  for (const frame of frames) if (frame.length > 2) frame.push(...frame.splice(1).sort(bySeen));
  return [...frames, ...withoutSender(unsent.sort(bySeen))];
}

export function bySeen(a: OneSighting, b: OneSighting): number {
  return a.time - b.time || byCard(a.sighting, b.sighting);
}

/** Equal times say nothing of which was first; a card's own frames are in the order of its capture. */
function byCard(a: Sighting, b: Sighting): number {
  if (a.card.mac === b.card.mac) return a.number - b.number;
  return a.card.mac < b.card.mac ? -1 : 1;
}

/** Adds what one card received to the frames that were sent, and returns the rest. All are in order of time. */
function deliver(
  sent: readonly OneSighting[],
  received: readonly OneSighting[],
  frames: readonly OneSighting[][],
): OneSighting[] {
  const arrived = arrivals(sent, received);
  const rest: OneSighting[] = [];
  let next = 0;
  for (const [index, { time }] of sent.entries()) {
    if (!arrived.has(index)) continue;
    while (received[next]!.time < time) rest.push(received[next++]!);
    frames[index]!.push(received[next++]!);
  }
  rest.push(...received.slice(next));
  return rest.filter((seen) => !joinReversed(seen, sent, arrived, frames));
}

/** Which of those sent arrived: each one received is of the latest before it that is not another's. */
function arrivals(sent: readonly OneSighting[], received: readonly OneSighting[]): Set<number> {
  const arrived = new Set<number>();
  let index = sent.length - 1;
  for (const { time } of received.toReversed()) {
    while (index >= 0 && sent[index]!.time > time) index--;
    if (index < 0) break;
    arrived.add(index--);
  }
  return arrived;
}

/** Two cards' stamps can be the wrong way round by a little: then it is the next one sent that arrived. */
function joinReversed(
  seen: OneSighting,
  sent: readonly OneSighting[],
  arrived: Set<number>,
  frames: readonly OneSighting[][],
): boolean {
  for (let index = firstAfter(sent, seen.time); index < sent.length; index++) {
    if (sent[index]!.time > seen.time + REVERSED) return false;
    if (arrived.has(index)) continue;
    arrived.add(index);
    frames[index]!.push(seen);
    return true;
  }
  return false;
}

function firstAfter(sorted: readonly OneSighting[], time: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]!.time > time) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The first to receive opens a frame; another joins the earliest of them that its card has not seen. */
function withoutSender(received: readonly OneSighting[]): OneSighting[][] {
  const frames: OneSighting[][] = [];
  const nextOf = new Map<Card, number>();
  let oldest = 0;
  for (const seen of received) {
    const { card } = seen.sighting;
    while (oldest < frames.length && seen.time - frames[oldest]![0]!.time > TOGETHER) oldest++;
    const index = Math.max(oldest, nextOf.get(card) ?? 0);
    if (index < frames.length) frames[index]!.push(seen);
    else frames.push([seen]);
    nextOf.set(card, index + 1);
  }
  return frames;
}
