/** A scenario's text while it is being read: where things stand in it, and the problems so far. */
import type { Node } from 'yaml';
import { LineCounter } from 'yaml';
import type { Where } from '../../errors.ts';
import { type Hint, type Names, SOMEBODY, tell } from '../../wire/lines/hint.ts';
import type { Problem } from './one-problem.ts';
import { ScenarioErrors } from './problem.ts';

export interface Page {
  file: string;
  text: string;
  lines: LineCounter;
  problems: (Problem & { offset: number })[];
  /** Offsets of places whose problem makes any further message about them noise. */
  settled: Set<number>;
  /** Hosts and a network of this file, for the hints. */
  names: Names;
}

/** A node, or the offsets of its first character and of the one after its last. */
export type Place = Node | readonly [number, number];

export interface RefuseOptions {
  hint?: Hint | undefined;
  allowed?: readonly string[] | undefined;
  /** No other problem of this place is noted after this one. */
  settled?: boolean;
  /** No other problem of these places is noted either. */
  settles?: readonly Place[];
}

export function newPage(file: string, text: string): Page {
  return { file, text, lines: new LineCounter(), problems: [], settled: new Set(), names: SOMEBODY };
}

/** Reading ends with so many problems: they have one cause, and a hostile file costs no more than this. */
export const MOST_PROBLEMS = 500;

/** Notes a problem, and goes on. */
export function refuse(page: Page, place: Place, message: string, options: RefuseOptions = {}): void {
  const [start, end] = span(place);
  if (page.settled.has(start)) return;
  // A program is read again for each of its hosts.
  if (page.problems.some((one) => one.offset === start && one.message === message)) return;
  if (options.settled) page.settled.add(start);
  for (const other of options.settles ?? []) page.settled.add(span(other)[0]);
  if (page.problems.length >= MOST_PROBLEMS) throwProblems(page);
  const line = lineAt(page, start);
  page.problems.push({
    offset: start,
    where: whereIs(page, place),
    line: line.text,
    length: Math.max(1, Math.min(end, line.end) - start),
    message,
    hint: tell(options.hint, page.names),
    allowed: options.allowed,
  });
}

/** Line and column of a place, from 1. */
export function whereIs(page: Page, place: Place): Where {
  const [start] = span(place);
  const line = lineAt(page, start);
  return { file: page.file, line: line.number, column: start - line.start + 1 };
}

/** Throws all that was found, in the order of the file. */
export function throwProblems(page: Page): void {
  if (page.problems.length === 0) return;
  const sorted = page.problems.toSorted((a, b) => a.offset - b.offset);
  throw new ScenarioErrors(
    page.file,
    sorted.map(({ offset: _, ...problem }) => problem),
  );
}

function span(place: Place): readonly [number, number] {
  if (Array.isArray(place)) return place as readonly [number, number];
  const range = (place as Node).range;
  return range ? [range[0], range[1]] : [0, 0];
}

function lineAt(page: Page, offset: number): { number: number; start: number; end: number; text: string } {
  const starts = page.lines.lineStarts;
  let low = 0;
  let high = Math.max(0, starts.length - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  const start = starts[low] ?? 0;
  const stop = page.text.indexOf('\n', start);
  const text = page.text.slice(start, stop < 0 ? undefined : stop).replace(/\r$/, '');
  return { number: low + 1, start, end: start + text.length, text };
}
