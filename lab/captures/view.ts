/** The wire as one step sees it: the frames from its start on. */
import type { Segment, WireView } from '../outcomes/context.ts';
import type { Segment as Followed } from '../wire/conversations/conversation.ts';
import { type Clocked, ONE_CLOCK } from '../wire/order.ts';
import type { SeenFrame } from '../wire/timeline.ts';

/** The part of the captures that a view needs. */
export interface Viewed {
  readonly timeline: { frames(): readonly SeenFrame[] };
  readonly names: WireView['names'];
  readonly cards: WireView['cards'];
  followed(): { of(frame: SeenFrame): Followed | undefined };
  more(deadline: number): Promise<void>;
  barrier(hosts: readonly string[], began: number): Promise<string | undefined>;
  drain(hosts: readonly string[], began: number): Promise<string | undefined>;
}

/** `began` is in milliseconds since the Unix epoch. */
export function viewFrom(captures: Viewed, began: number, clocks: Clocked = ONE_CLOCK): WireView {
  return {
    frames: () => since(captures.timeline.frames(), began),
    segment: (frame) => numbersOf(captures.followed().of(frame)),
    resent: (frame) => isResent(captures.followed().of(frame)),
    more: (deadline) => captures.more(deadline),
    barrier: async (hosts) => said(await captures.barrier(hosts, began)),
    drain: async (hosts) => said(await captures.drain(hosts, began)),
    began,
    clocks,
    names: captures.names,
    cards: captures.cards,
  };
}

function said(incomplete: string | undefined): { incomplete?: string } {
  return incomplete === undefined ? {} : { incomplete };
}

/** A router forwards a segment as its sender sent it: the copy is a retransmission if the original is one. */
function isResent(segment: Followed | undefined): boolean | undefined {
  return segment && (segment.copyOf ?? segment).resent === true;
}

/** The relative numbers of a segment; undefined where the SYN was not captured, so there is nothing to count from. */
function numbersOf(segment: Followed | undefined): Segment | undefined {
  if (!segment?.conversation.begun) return undefined;
  const { sequence, acknowledgement = 0, notes } = segment;
  return { relativeSequence: sequence, relativeAcknowledgement: acknowledgement, notes };
}

/** The frames from this time on. They are in order, so a binary search finds the first. */
function since(frames: readonly SeenFrame[], began: number): SeenFrame[] {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { seconds, nanoseconds } = frames[middle]!.sightings[0]!;
    if (seconds * 1000 + nanoseconds / 1e6 < began) low = middle + 1;
    else high = middle;
  }
  return frames.slice(low);
}
