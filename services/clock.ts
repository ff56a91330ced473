/**
 * The machine's clock to the microsecond.
 *
 * JavaScript reads the wall clock in whole milliseconds (`Date.now`) and a steady clock in fractions of one
 * (`performance.now`). Their difference only changes when somebody steps the wall clock, so each pair of
 * readings narrows the interval of this difference. A pair that contradicts the interval means that the clock
 * was stepped, and the search starts again. `performance.timeOrigin` would stay wrong for ever after a step.
 */

/** Readings carry a quarter of a microsecond of rounding: only a contradiction beyond this is a step. */
const ROUNDING_MS = 0.002;
/** Milliseconds for which a pair of readings holds: a step of the wall clock is seen so much later at most. */
const HOLDS_MS = 1;
/** The search ends when the difference is known to so many milliseconds: a change of the millisecond that is seen tells it. */
const KNOWN_MS = 0.1;
/**
 * The search ends after so many readings at the latest, which are some ten milliseconds of work. A limit of time would not do: a busy
 * machine may take the processor away for longer, just when the millisecond changes.
 */
const READINGS = 50_000;

let low = Number.NEGATIVE_INFINITY;
let high = Number.POSITIVE_INFINITY;
/** When the last pair was read, on the steady clock. */
let lastRead = Number.NEGATIVE_INFINITY;

/** Microseconds since 1970-01-01T00:00Z, UTC. A safe integer until the year 2255. */
export function nowMicroseconds(): number {
  const steady = observe();
  return Math.floor((steady + (low + high) / 2) * 1000);
}

/** The last second that was written, since 1970, and its text up to the point. */
let second = Number.NaN;
let secondText = '';

/** RFC 3339 with six decimals, for instance `2026-11-20T12:00:00.123456Z`. */
export function isoMicroseconds(microseconds: number): string {
  const whole = Math.floor(microseconds / 1e6);
  if (whole !== second) {
    second = whole;
    secondText = new Date(whole * 1000).toISOString().slice(0, -4);
  }
  return `${secondText}${String(microseconds - whole * 1e6).padStart(6, '0')}Z`;
}

function observe(): number {
  const now = performance.now();
  return now - lastRead < HOLDS_MS ? now : search();
}

function search(): number {
  let now = narrow();
  for (let left = READINGS; high - low > KNOWN_MS && left > 0; left -= 1) now = narrow();
  return now;
}

/** One pair of readings. The wall clock read D between the steady readings b and a: D - a <= difference < D + 1 - b. */
function narrow(): number {
  const before = performance.now();
  const wall = Date.now();
  const after = performance.now();
  const stepped = wall - after > high + ROUNDING_MS || wall + 1 - before < low - ROUNDING_MS;
  low = stepped ? wall - after : Math.max(low, wall - after);
  high = stepped ? wall + 1 - before : Math.min(high, wall + 1 - before);
  lastRead = after;
  return after;
}
