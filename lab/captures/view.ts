/** The wire as one step sees it: the frames from its start on. */
import type { Segment, WireView } from '../outcomes/context.ts';
import type { Segment as Followed } from '../wire/conversations/conversation.ts';

import type { SeenFrame } from '../wire/timeline.ts';

/** What captures give to a view of them. */
export interface Viewed {
  readonly timeline: { frames(): readonly SeenFrame[] };
  readonly names: WireView['names'];
  readonly cards: WireView['cards'];
  followed(): { of(frame: SeenFrame): Followed | undefined };
  more(deadline: number): Promise<void>;
  barrier(hosts: readonly string[], began: number): Promise<string | undefined>;
  drain(hosts: readonly string[], began: number): Promise<string | undefined>;
}

/** `began` in milliseconds since the Unix epoch. */
export function viewFrom(captures: Viewed, began: number): WireView {
  return {
    frames: () => since(captures.timeline.frames(), began),
    segment: (frame) => numbersOf(captures.followed().of(frame)),
    more: (deadline) => captures.more(deadline),
    barrier: async (hosts) => said(await captures.barrier(hosts, began)),
    drain: async (hosts) => said(await captures.drain(hosts, began)),
    began,
    names: captures.names,
    cards: captures.cards,
  };
}

function said(incomplete: string | undefined): { incomplete?: string } {
  return incomplete === undefined ? {} : { incomplete };
}

/** Where its SYN was not captured there is nothing to count from. */
function numbersOf(segment: Followed | undefined): Segment | undefined {
  if (!segment?.conversation.begun) return undefined;
  const { sequence, acknowledgement = 0, notes } = segment;
  return { relativeSequence: sequence, relativeAcknowledgement: acknowledgement, notes };
}

/** Those stamped at or after this time: they are in order, so the first is looked for by halves. */
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
