/** Clocks that were set back while a capture ran: a frame that a card captured later comes later, despite its stamp. */
import type { Captured } from '../frame.ts';
import { nanosecondsBetween, type Stamp } from '../stamp.ts';

/** Nanoseconds. A smaller step back is only another order of stamps at one card, and other cards' stamps are right. */
const STEP = 1_000_000;

/** For each frame, in the order of the file, the nanoseconds that are added for its place in time. */
export function setBacks(frames: readonly Captured[]): number[] {
  /** For each card its last place in time: a stamp, and the nanoseconds that were added to it. */
  const last = new Map<number, { stamp: Stamp; setBack: number }>();
  // One machine has one clock: a step counts for all cards of the file.
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
