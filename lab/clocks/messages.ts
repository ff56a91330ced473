/**
 * Frames as messages between clocks: each that one host sent and another received. A frame whose bytes were sent twice is left
 * out, as nobody can tell which of the two was received.
 */
import type { Frame } from '../wire/frame.ts';
import { nanosecondsBetween } from '../wire/stamp.ts';
import type { SeenFrame, Sighting } from '../wire/timeline.ts';

export interface Message {
  /** Hosts. */
  from: string;
  to: string;
  /** Nanoseconds from the sender's stamp to the receiver's: less than nothing where the receiver's clock is behind. */
  took: number;
}

/** Equal bytes on one network are one object of the timeline, also where their sightings were not brought together. */
export function messagesIn(frames: readonly SeenFrame[]): Message[] {
  const same = new Map<Frame, Sighting[]>();
  for (const { frame, sightings } of frames) same.set(frame, [...(same.get(frame) ?? []), ...sightings]);
  return [...same.values()].flatMap((sightings) => {
    const [sent, again] = sightings.filter(({ way }) => way === 'out');
    if (!sent || again) return [];
    const received = Map.groupBy(
      sightings.filter(({ way }) => way === 'in'),
      ({ card }) => card.mac,
    );
    return [...received.values()].flatMap(([first, second]) =>
      first && !second
        ? [{ from: sent.card.host, to: first.card.host, took: nanosecondsBetween(sent, first) }]
        : [],
    );
  });
}
