/** Clocks that were set back while a capture ran: what a card captured later comes later, whatever the stamps say. */
import type { Captured } from '../frame.ts';
import { nanosecondsBetween, type Stamp } from '../stamp.ts';

/** Back by less than this, frames of one card were only stamped in another order, and other cards' stamps are right. */
const STEP = 1_000_000;

/** For each frame, in the order of the file, how many nanoseconds are added for its place in time. */
export function setBacks(frames: readonly Captured[]): number[] {
  /** For each card its last place in time, as a stamp and what was added to it. */
  const last = new Map<number, { stamp: Stamp; setBack: number }>();
  // One machine has one clock: a step is one for all of the file's cards.
  let steps = 0;
  return frames.map((stamp) => {
    const before = last.get(stamp.card);
    let setBack = steps;
    if (before) {
      const back = nanosecondsBetween(stamp, before.stamp) + before.setBack - steps;
      if (back >= STEP) steps += back;
      if (back > 0) setBack += back;
    }
    last.set(stamp.card, { stamp, setBack });
    return setBack;
  });
}
