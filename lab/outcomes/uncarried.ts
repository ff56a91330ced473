/** Checks while cables miss frames: a frame that nobody carried is not one that nobody sent. */
import { type Missed, printMissed } from './cable-record.ts';
import type { Check } from './check.ts';

/** Checks that rest on what did not come are incomplete where a cable of the lab missed any frame meanwhile. */
export function judgedWithout(missed: readonly Missed[], checks: readonly Check[]): Check[] {
  if (missed.length === 0) return [...checks];
  const why = `cables could not carry ${missed.map(printMissed).join(', ')}, so a frame that did not come proves nothing`;
  return checks.map((check) => {
    if (!check.absence) return check;
    const { what, expected = 'cables that carry every frame', found = what } = check;
    return { ...check, held: false, incomplete: true, expected, found, why };
  });
}
