/**
 * A reading of this machine's clock, with its error. JavaScript reads the wall clock in whole milliseconds, and a steady clock
 * in fractions of one. Each pair of readings bounds their difference, which changes only where the wall clock is set.
 */

/** The true time lies between these, in microseconds since 1970. */
export interface Reading {
  least: number;
  most: number;
}

/** Milliseconds of rounding in a steady reading: only a contradiction beyond this means that the clock was set. */
const ROUNDING = 0.002;
/** Milliseconds that a reading may be wrong by, and that a search for a better one takes: one change of the millisecond. */
const WIDE = 0.02;
const SEARCH = 1.2;

/** The bounds of the difference, in milliseconds. */
let least = Number.NEGATIVE_INFINITY;
let most = Number.POSITIVE_INFINITY;

export function readClock(): Reading {
  let steady = narrow();
  const until = steady + SEARCH;
  while (most - least > WIDE && steady < until) steady = narrow();
  return { least: (steady + least) * 1000, most: (steady + most) * 1000 };
}

/** The wall clock read W between the steady readings b and a: W - a <= difference < W + 1 - b. Returns a. */
function narrow(): number {
  const before = performance.now();
  const wall = Date.now();
  const after = performance.now();
  const isSet = wall - after > most + ROUNDING || wall + 1 - before < least - ROUNDING;
  least = isSet ? wall - after : Math.max(least, wall - after);
  most = isSet ? wall + 1 - before : Math.min(most, wall + 1 - before);
  return after;
}
