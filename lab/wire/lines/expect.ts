/**
 * Lines against the frames that one host saw, in the order in which it saw them. Each function says which frame matched
 * which line; a line without a frame is missing. Pure, and done again whenever frames have come.
 */

import type { SeenFrame, Sighting } from '../timeline.ts';
import type { Condition } from './condition.ts';
import { all, matches, type Pattern } from './match.ts';

/** The frames that a host saw, by its own clock. */
export function seenAt(frames: readonly SeenFrame[], host: string): SeenFrame[] {
  const mine = frames.flatMap((seen) => {
    const sighting = seen.sightings.find(({ card }) => card.host === host);
    return sighting ? [{ seen, sighting }] : [];
  });
  return mine.sort((one, other) => byTime(one.sighting, other.sighting)).map(({ seen }) => seen);
}

function byTime(one: Sighting, other: Sighting): number {
  return one.seconds - other.seconds || one.nanoseconds - other.nanoseconds;
}

/** For each line, the frame that matched it. */
export type Met = (SeenFrame | undefined)[];

/** Each line's frame comes after that of the line before; others may come between. Ends at the first line without one. */
export function inOrder(patterns: readonly Pattern[], frames: readonly SeenFrame[]): Met {
  const met: Met = patterns.map(() => undefined);
  let line = 0;
  for (const seen of frames) {
    if (line === patterns.length) break;
    if (matches(patterns[line]!, seen)) met[line++] = seen;
  }
  return met;
}

/**
 * A frame of its own for each line, in any order: as many lines as possible get one. A line needs no more candidates
 * than there are lines, as each other line takes only one of them.
 */
export function anyOrder(patterns: readonly Pattern[], frames: readonly SeenFrame[]): Met {
  const candidates = patterns.map((pattern) => firstOf(pattern, frames, patterns.length));
  const takenBy = new Map<SeenFrame, number>();
  const place = (line: number, tried: Set<SeenFrame>): boolean =>
    candidates[line]!.some((seen) => {
      if (tried.has(seen)) return false;
      tried.add(seen);
      const owner = takenBy.get(seen);
      if (owner !== undefined && !place(owner, tried)) return false;
      takenBy.set(seen, line);
      return true;
    });
  for (const line of patterns.keys()) place(line, new Set());
  const met: Met = patterns.map(() => undefined);
  for (const [seen, line] of takenBy) met[line] = seen;
  return met;
}

function firstOf(pattern: Pattern, frames: readonly SeenFrame[], most: number): SeenFrame[] {
  const found: SeenFrame[] = [];
  for (const seen of frames) {
    if (found.length === most) break;
    if (matches(pattern, seen)) found.push(seen);
  }
  return found;
}

/**
 * The frames that the lines are about: of the protocol of one of them and between its two ends, in either
 * direction. With `only`, these frames must be exactly the listed ones, in this order.
 */
export function concerning(patterns: readonly Pattern[], frames: readonly SeenFrame[]): SeenFrame[] {
  return frames.filter((seen) => patterns.some((pattern) => pattern.concerns(seen)));
}

export interface Only {
  met: Met;
  /** The first frame that has no line; undefined where a line has no frame, or all frames fit. */
  extra?: SeenFrame;
}

/** Exactly these frames among those that the lines are about. */
export function only(patterns: readonly Pattern[], frames: readonly SeenFrame[]): Only {
  const mine = concerning(patterns, frames);
  const met: Met = patterns.map(() => undefined);
  for (const [index, seen] of mine.entries()) {
    const pattern = patterns[index];
    if (!pattern) return { met, extra: seen };
    if (!matches(pattern, seen)) {
      const later = mine.slice(index + 1).some((other) => matches(pattern, other));
      return later ? { met, extra: seen } : { met };
    }
    met[index] = seen;
  }
  return { met };
}

export function every(pattern: Pattern, frames: readonly SeenFrame[]): SeenFrame[] {
  return frames.filter((seen) => matches(pattern, seen));
}

/**
 * The frame that comes nearest to a line: of its protocol, from its sender or to its receiver, and with the most
 * conditions that hold. Among equal frames, the first from `from` on counts, then the last before it. Where they fail
 * the same conditions, the one that differs least counts.
 */
export function nearestFrame(
  pattern: Pattern,
  frames: readonly SeenFrame[],
  from: number,
): SeenFrame | undefined {
  const isNear = (seen: SeenFrame) =>
    pattern.covers(seen) && (all(pattern.source, seen) || all(pattern.destination, seen));
  const behind = frames.slice(from).filter(isNear);
  const before = frames.slice(0, from).filter(isNear).toReversed();
  const [one, other] = [nearestOf(pattern, behind), nearestOf(pattern, before)];
  return other && (!one || other.met > one.met) ? other.seen : one?.seen;
}

interface Near {
  seen: SeenFrame;
  met: number;
  unmet: Condition[];
}

function nearestOf(pattern: Pattern, frames: readonly SeenFrame[]): Near | undefined {
  let best: Near | undefined;
  for (const seen of frames) {
    const near = measure(pattern, seen);
    if (!best || near.met > best.met || (near.met === best.met && isCloser(near, best))) best = near;
  }
  return best;
}

function measure({ line, conditions }: Pattern, seen: SeenFrame): Near {
  const { payload } = seen.frame;
  const aboutData = line.fields.some(({ field }) => field === 'text' || field === 'len');
  // For a line about data, a frame with any data is nearer.
  const carries = aboutData && payload.end > payload.start ? 0.5 : 0;
  const unmet = conditions.filter((condition) => !condition.holds(seen));
  return { seen, met: conditions.length - unmet.length + carries, unmet };
}

/** Whether both fail the same conditions, and one differs less. Frames that fail other conditions are not compared. */
function isCloser(one: Near, best: Near): boolean {
  if (one.unmet.some((condition, index) => condition !== best.unmet[index])) return false;
  return distanceOf(one) < distanceOf(best);
}

function distanceOf({ seen, unmet }: Near): number {
  return unmet.reduce((sum, condition) => sum + (condition.distance?.(seen) ?? 0), 0);
}
