/**
 * The order of two sightings. On one machine its clock tells. On two machines their clocks tell where the sightings are further
 * apart than the clocks may be wrong. Otherwise a chain of frames may tell: none is received before it is sent (Lamport 1978).
 */
import { nanosecondsBetween } from './stamp.ts';
import type { SeenFrame, Sighting } from './timeline.ts';

export type Order = 'before' | 'after' | 'unsure';

export interface Clocked {
  /** The machine of a host. */
  machineOf(host: string): string;
  /** The least and the most nanoseconds to add to the time from a stamp at `one` to one at `other`. */
  error(one: string, other: string): { least: number; most: number };
}

/** One clock for all hosts. */
export const ONE_CLOCK: Clocked = { machineOf: () => '', error: () => ({ least: 0, most: 0 }) };

/** Whether `one` came before `other`, or after it. `frames` may have the chain. */
export function orderOf(
  one: Sighting,
  other: Sighting,
  frames: readonly SeenFrame[],
  clocks: Clocked,
): Order {
  const apart = nanosecondsBetween(one, other);
  if (clocks.machineOf(one.card.host) === clocks.machineOf(other.card.host))
    return onOneClock(one, other, apart);
  const { least, most } = clocks.error(one.card.host, other.card.host);
  if (apart + least > 0) return 'before';
  if (apart + most < 0) return 'after';
  if (isCaused(one, other, frames, clocks)) return 'before';
  return isCaused(other, one, frames, clocks) ? 'after' : 'unsure';
}

/** Equal stamps of one card are in the order of its capture; a receiver's comes after its sender's. */
function onOneClock(one: Sighting, other: Sighting, apart: number): Order {
  if (apart !== 0) return apart > 0 ? 'before' : 'after';
  if (one.card.mac === other.card.mac) return one.number < other.number ? 'before' : 'after';
  return one.way === 'in' && other.way === 'out' ? 'after' : 'before';
}

/** Whether a chain of frames leads from one sighting to the other: each machine is reached by the earliest frame. */
function isCaused(
  one: Sighting,
  other: Sighting,
  frames: readonly SeenFrame[],
  { machineOf }: Clocked,
): boolean {
  const reached = new Map([[machineOf(one.card.host), one]]);
  const hasReached = (sighting: Sighting) => {
    const by = reached.get(machineOf(sighting.card.host));
    return by !== undefined && nanosecondsBetween(by, sighting) >= 0;
  };
  for (let before = -1, changes = 0; before !== changes; ) {
    before = changes;
    for (const { sightings } of frames) {
      const [sent, ...received] = sightings;
      if (sent?.way !== 'out' || !hasReached(sent)) continue;
      for (const sighting of received.filter((one) => !hasReached(one))) {
        reached.set(machineOf(sighting.card.host), sighting);
        changes++;
      }
    }
  }
  return hasReached(other);
}
