/**
 * Sorts sightings of equal bytes on one network into frames: an ARP request that is sent three times is three frames,
 * each seen at its sender and at its receivers. A frame that was sent first arrives first.
 */
import type { Card, Sighting } from './timeline.ts';

export interface OneSighting {
  sighting: Sighting;
  /** Nanoseconds since an instant that is the same for all. */
  time: number;
}

/** Nanoseconds by which a receiver's stamp may be earlier than its sender's. */
const REVERSED = 1_000_000;
/** The most nanoseconds between receivers' stamps of a frame whose sender was not captured. */
const TOGETHER = 50_000_000;

/** One list for each frame: first the sender's sighting, if there is one, then by time. No card is in a list twice. */
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

/** An order for equal times: frames of one card are in the order of its capture. */
function byCard(a: Sighting, b: Sighting): number {
  if (a.card.mac === b.card.mac) return a.number - b.number;
  return a.card.mac < b.card.mac ? -1 : 1;
}

/** Adds the sightings of one receiving card to the frames that were sent, and returns the rest. All in order of time. */
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

/** The sent frames that arrived. Each received one belongs to the latest sent before it that has no receiver yet. */
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

/** The stamps of two cards can be in the wrong order by a little: then the next sent frame is the one that arrived. */
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

/** The first receiver's sighting opens a frame. Another one joins the earliest frame that its card has not seen. */
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
