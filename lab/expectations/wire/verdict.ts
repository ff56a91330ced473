/**
 * One list of lines (`in_order`, `never`, …) against what a host saw: what held, or what did not and why. Pure; the
 * waiting is look.ts's.
 */

import type { Came } from '../../outcomes/check.ts';
import type { LineResult } from '../../wire/ladder/line-result.ts';
import { anyOrder, concerning, every, inOrder, only } from '../../wire/lines/expect.ts';
import { lineOf } from '../../wire/lines/line-of-frame.ts';
import { all, differences, type Pattern } from '../../wire/lines/match.ts';
import { printLine } from '../../wire/lines/print.ts';
import type { SeenFrame } from '../../wire/timeline.ts';
import { type Condition, compare } from '../condition.ts';
import { explainMissing, type Met } from './mismatch.ts';
import type { HostView } from './seen-through.ts';
import { showFrame, showNumbers, showWhen } from './words.ts';

/** The result of one list. `what` goes on after `on alice's wire: `. */
export interface ListVerdict {
  held: boolean;
  came: Came;
  what: string;
  expected?: string;
  found?: string | undefined;
  why?: string | undefined;
  /** The why is what an answer that says no means in general. */
  refusal?: true;
  lines: LineResult[];
}

export interface CountedPattern {
  pattern: Pattern;
  times: Condition;
}

/** The lines of a viewpoint, ready to be compared with frames. */
export interface AskedFrames {
  inOrder: Pattern[];
  anyOrder: Pattern[];
  only: Pattern[];
  never: Pattern[];
  count: CountedPattern[];
}

export function verdicts(asked: AskedFrames, seen: HostView): ListVerdict[] {
  const lists = [
    ...(asked.inOrder.length > 0 ? [ofInOrder(asked.inOrder, seen)] : []),
    ...(asked.anyOrder.length > 0 ? [ofAnyOrder(asked.anyOrder, seen)] : []),
    ...(asked.only.length > 0 ? [ofOnly(asked.only, seen)] : []),
  ];
  return [
    ...lists,
    ...asked.never.map((pattern) => ofNever(pattern, seen)),
    ...asked.count.map((counted) => ofCount(counted, seen)),
  ];
}

/** Whether all expected frames have come. Forbidden frames do not count. */
export function hasCome(asked: AskedFrames, frames: readonly SeenFrame[]): boolean {
  const whole = (met: readonly (SeenFrame | undefined)[]) => met.every((one) => one !== undefined);
  return (
    whole(inOrder(asked.inOrder, frames)) &&
    whole(anyOrder(asked.anyOrder, frames)) &&
    whole(inOrder(asked.only, concerning(asked.only, frames))) &&
    asked.count.every(({ pattern, times }) => every(pattern, frames).length >= leastOf(times))
  );
}

/** Whether it can no longer come true, whatever comes. */
export function isBroken(asked: AskedFrames, frames: readonly SeenFrame[]): boolean {
  return asked.never.some((pattern) => every(pattern, frames).length > 0);
}

/** Whether it also says what is not there: that takes the whole window and a barrier. */
export function claimsAbsence({ only, never, count }: AskedFrames): boolean {
  return only.length > 0 || never.length > 0 || count.some(({ times }) => hasUpperBound(times));
}

function hasUpperBound({ test }: Condition): boolean {
  return test !== '>' && test !== '>=';
}

/** How many frames there must be at least. */
function leastOf(times: Condition): number {
  switch (times.test) {
    case 'equal':
      return Number(times.value);
    case '>':
      return Math.floor(times.value) + 1;
    case '>=':
      return times.value;
    case 'between':
      return times.from;
    default:
      return 0;
  }
}

/** How many frames there may be at most. */
function mostOf(times: Condition): number {
  switch (times.test) {
    case 'equal':
      return Number(times.value);
    case '<':
      return Math.ceil(times.value) - 1;
    case '<=':
      return times.value;
    case 'between':
      return times.to;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function ofInOrder(patterns: readonly Pattern[], seen: HostView): ListVerdict {
  return ofSequence(patterns, inOrder(patterns, seen.frames), seen, 'in order');
}

function ofSequence(
  patterns: readonly Pattern[],
  met: readonly (SeenFrame | undefined)[],
  seen: HostView,
  how: string,
): ListVerdict {
  const lines = linesOf(patterns, met, seen);
  const index = met.indexOf(undefined);
  if (index < 0) return { held: true, came: 'all', what: sayMet(patterns, met, how), lines };
  const before = met[index - 1];
  const after = before && { pattern: patterns[index - 1]!, seen: before };
  return {
    held: false,
    came: cameOf(met),
    what: `\`${patterns[index]!.text}\` never came`,
    expected: sayExpected(patterns[index]!, after),
    ...explainMissing(patterns[index]!, after, takenBy(met), seen),
    lines: lines.slice(0, index + 1),
  };
}

/** Of lines that not all were met. */
function cameOf(met: readonly (SeenFrame | undefined)[]): Came {
  return takenBy(met).size === 0 ? 'nothing' : 'part';
}

function takenBy(met: readonly (SeenFrame | undefined)[]): Set<SeenFrame> {
  return new Set(met.filter((one) => one !== undefined));
}

function sayExpected({ text }: Pattern, after: Met | undefined): string {
  return after ? `${text}, after frame ${after.seen.number} (${after.pattern.text})` : text;
}

/** One line as it is, of several their number. */
function sayMet(patterns: readonly Pattern[], met: readonly (SeenFrame | undefined)[], how: string): string {
  const numbers = showNumbers(met.filter((one) => one !== undefined));
  const what = patterns.length === 1 ? `\`${patterns[0]!.text}\`` : `${patterns.length} lines ${how}`;
  return `${what} (${numbers})`;
}

function linesOf(
  patterns: readonly Pattern[],
  met: readonly (SeenFrame | undefined)[],
  { at }: HostView,
): LineResult[] {
  return patterns.map(({ text }, index): LineResult => {
    const own = met[index];
    if (own) return { at, line: text, number: own.number, status: 'matched' };
    return missingLine(at, text, met[index - 1]);
  });
}

function missingLine(at: string, line: string, after: SeenFrame | undefined): LineResult {
  return { at, line, ...(after && { after: after.number }), status: 'missing' };
}

function ofAnyOrder(patterns: readonly Pattern[], seen: HostView): ListVerdict {
  const met = anyOrder(patterns, seen.frames);
  const lines = linesOf(patterns, met, seen).map(({ after: _, ...line }) => line);
  const missing = patterns.filter((_, index) => met[index] === undefined);
  const first = missing[0];
  if (!first) return { held: true, came: 'all', what: sayMet(patterns, met, 'in any order'), lines };
  const more = missing.length > 1 ? `, nor did ${missing.length - 1} more of ${patterns.length} lines` : '';
  return {
    held: false,
    came: cameOf(met),
    what: `\`${first.text}\` never came${more}`,
    expected: first.text,
    ...explainMissing(first, undefined, takenBy(met), seen),
    lines,
  };
}

function ofOnly(patterns: readonly Pattern[], seen: HostView): ListVerdict {
  const { met, extra } = only(patterns, seen.frames);
  if (!extra) {
    return ofSequence(patterns, met, { ...seen, frames: concerning(patterns, seen.frames) }, 'and no others');
  }
  return ofExtra(patterns, met, extra, seen);
}

/** A frame between the lines' ends that no line is for. */
function ofExtra(
  patterns: readonly Pattern[],
  met: readonly (SeenFrame | undefined)[],
  extra: SeenFrame,
  seen: HostView,
): ListVerdict {
  const { at, scope, began } = seen;
  const index = met.indexOf(undefined);
  const next = index < 0 ? undefined : patterns[index];
  const last = met.findLast((one) => one !== undefined);
  const after = last && { pattern: patterns[index < 0 ? patterns.length - 1 : index - 1]!, seen: last };
  const sameWay = next && all([...next.source, ...next.destination], extra);
  const differs = sameWay ? `: ${differences(next, extra).join('; ')}` : '';
  const lines = linesOf(patterns, met, seen).filter(({ status }) => status === 'matched');
  const line = printLine(lineOf(extra.frame, scope.cards));
  return {
    held: false,
    came: 'more',
    what: next
      ? `another frame came where \`${next.text}\` should have`
      : 'another frame came after the last line',
    expected: next ? sayExpected(next, after) : `nothing more after ${showNumbers([last!])}`,
    found: `${showFrame(extra, scope)}, ${showWhen(extra, at, began)}${differs}`,
    why: 'between the ends of the lines `only` allows no frame of their protocols without a line; `in_order` does',
    lines: [...lines, { at, line, number: extra.number, status: 'forbidden' }],
  };
}

function ofNever(pattern: Pattern, { at, frames, scope, began }: HostView): ListVerdict {
  const came = every(pattern, frames);
  const { text } = pattern;
  const [first, ...more] = came;
  if (!first) {
    const among = frames.length === 1 ? '1 frame' : `${frames.length} frames`;
    return { held: true, came: 'all', what: `never \`${text}\` (among ${among})`, lines: [] };
  }
  const rest = more.length > 0 ? `, and ${more.length} more (${showNumbers(more)})` : '';
  return {
    held: false,
    came: 'more',
    what: `\`${text}\` came, and must not`,
    expected: `never ${text}`,
    found: `${showFrame(first, scope)}, ${showWhen(first, at, began)}${rest}`,
    lines: came.map(({ number }) => ({ at, line: text, number, status: 'forbidden' })),
  };
}

function ofCount({ pattern, times }: CountedPattern, seen: HostView): ListVerdict {
  const { at, frames } = seen;
  const came = every(pattern, frames);
  const { text } = pattern;
  const numbers = came.length === 0 ? '' : ` (${showNumbers(came)})`;
  const most = mostOf(times);
  const lines = came.map(({ number }, index): LineResult => {
    return { at, line: text, number, status: index < most ? 'matched' : 'forbidden' };
  });
  const found = `${sayTimes(came.length)}${numbers}`;
  if (compare(times, came.length)) return { held: true, came: 'all', what: `\`${text}\` ${found}`, lines };
  const wanted = times.test === 'equal' ? sayTimes(Number(times.value)) : `${times.source} times`;
  const failed = {
    held: false,
    came:
      came.length > most ? ('more' as const) : came.length === 0 ? ('nothing' as const) : ('part' as const),
    what: `\`${text}\` ${came.length === 0 ? 'never came' : `came ${sayTimes(came.length)}`}`,
    expected: wanted,
    found,
  };
  if (came.length >= leastOf(times)) return { ...failed, lines };
  const missing = missingLine(at, text, came.at(-1));
  const instead = came.length === 0 ? explainMissing(pattern, undefined, new Set(), seen) : {};
  return { ...failed, found, ...instead, lines: [...lines, missing] };
}

function sayTimes(count: number): string {
  return count === 0 ? 'not once' : count === 1 ? 'once' : `${count} times`;
}
