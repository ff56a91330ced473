/** The value of `wire:`, as a scenario writes it: lines, or viewpoints with lines for each. */
import { z } from 'zod';
import { nearest } from '../../scenario/hints/nearest.ts';
import type { Part } from '../../scenario/text/part.ts';
import { name } from '../../scenario/values/values.ts';
import type { Reference } from '../../scenario/vocabulary.ts';
import type { Line } from '../../wire/lines/line.ts';
import type { LineProblem } from '../../wire/lines/problem.ts';
import { hostsOf, readLine } from '../../wire/lines/read.ts';
import { type Condition, readCondition } from '../condition.ts';

/** A line, and how its author wrote it. */
export interface Sought {
  text: string;
  line: Line;
}

/** A line with a host of its own, where it has one. */
export interface Placed extends Sought {
  at?: string;
}

/** How often a frame is seen. */
export interface Counted extends Sought {
  times: Condition;
}

/** The claims about the frames that each of some hosts saw. */
export interface View {
  /** The step's host where it says none. */
  at?: string | string[] | undefined;
  in_order?: Placed[] | undefined;
  any_order?: Sought[] | undefined;
  only?: Sought[] | undefined;
  never?: Sought[] | undefined;
  count?: Counted[] | undefined;
}

export type Wire = (Sought | View)[] | View;

export const LISTS = ['in_order', 'any_order', 'only', 'never'] as const;

function partOf({ column, length }: LineProblem): Part {
  return { from: column - 1, length };
}

/** Notes what is wrong with a line, with the word that was probably meant. */
function refuseLine(context: z.RefinementCtx, problem: LineProblem): void {
  const { word, allowed, message } = problem;
  const meant = word === undefined ? undefined : nearest(word, allowed ?? []);
  const hint = problem.hint ?? (meant && `did you mean \`${meant}\`?`);
  context.addIssue({ code: 'custom', message, params: { hint, allowed, part: partOf(problem) } });
}

function readSought(text: string, context: z.RefinementCtx): Sought {
  const { line, problems } = readLine(text);
  if (line) return { text, line };
  for (const problem of problems) refuseLine(context, problem);
  return z.NEVER;
}

const sought = z
  .string()
  .transform(readSought)
  .meta({ description: 'A frame: "tcp alice > echo SYN", in quotes.' });

const atHost = z
  .record(name, sought)
  .transform((written, context): Placed => {
    const [[at, one] = [], second] = Object.entries(written);
    if (at !== undefined && one && !second) return { ...one, at };
    const params = { hint: 'begin each line with a dash: - { alice: "tcp alice > echo SYN" }' };
    context.addIssue({ code: 'custom', message: 'a line of `in_order` has one host', params });
    return z.NEVER;
  })
  .meta({ description: 'The host that saw the frame, and the frame: { echo: "tcp alice > echo SYN" }.' });

const times = z.union([z.int().min(0), z.string()]).transform((written, context): Condition => {
  const text = typeof written === 'string' && /^\d+$/.test(written.trim()) ? Number(written) : written;
  const condition = readCondition(text);
  if (typeof condition !== 'string' && isNumeric(condition)) return condition;
  const params = { hint: 'write 3, ">= 2" or "1 .. 3"' };
  context.addIssue({ code: 'custom', message: `"${written}" is not a number of frames`, params });
  return z.NEVER;
});

function isNumeric(condition: Condition): boolean {
  return condition.test === 'equal' ? typeof condition.value === 'number' : condition.test !== 'matches';
}

const key = z.string().superRefine((text, context) => {
  for (const problem of readLine(text).problems ?? []) refuseLine(context, problem);
});

const count = z
  .record(key, times)
  .transform((written) =>
    Object.entries(written).flatMap(([text, often]): Counted[] => {
      const { line } = readLine(text);
      return line ? [{ text, line, times: often }] : [];
    }),
  )
  .meta({ description: 'How often each frame is seen: { "tcp alice > echo SYN": 3 }, or ">= 2".' });

const lines = (description: string) => z.array(sought).min(1).optional().meta({ description });

const view: z.ZodType<View> = z
  .strictObject({
    at: z
      .union([name, z.array(name).min(1)])
      .optional()
      .meta({
        description: 'The host, or hosts, that must have captured this. The host of the step is the default.',
      }),
    in_order: z
      .array(z.union([sought, atHost]))
      .min(1)
      .optional()
      .meta({
        description:
          'These frames in this order. Others may come between them. A line can name the host that saw its frame.',
      }),
    any_order: lines('A frame for each line, in any order.'),
    only: lines('These frames in this order, and no other between the same ends of the same protocol.'),
    never: lines('No such frame, until the step ends and `for` is over.'),
    count: count.optional(),
  })
  .superRefine((value, context) => {
    if (saysSomething(value)) return;
    const hint = 'write in_order, any_order, only, never or count';
    context.addIssue({ code: 'custom', message: '`wire` says nothing of any frame', params: { hint } });
  });

export function saysSomething(view: View): boolean {
  return [...LISTS, 'count' as const].some((list) => view[list] !== undefined);
}

const list = z
  .array(z.union([sought, view]))
  .min(1)
  .superRefine((items, context) => {
    const odd = items.findIndex((item) => isSought(item) !== isSought(items[0]!));
    if (odd < 0) return;
    const params = { hint: 'put the lines under `in_order:` of a map' };
    context.addIssue({ code: 'custom', message: 'a list is of lines or of maps', path: [odd], params });
  });

export const wireSchema = z.union([list, view]) as z.ZodType<Wire>;

function isSought(item: Sought | View): item is Sought {
  return item !== undefined && 'line' in item;
}

/** A map for each viewpoint; a list of lines is one, in order. */
export function viewsOf(value: Wire): View[] {
  if (!Array.isArray(value)) return [value];
  const inOrder = value.filter(isSought);
  return inOrder.length > 0 ? [{ in_order: inOrder }] : value.filter((item): item is View => !isSought(item));
}

/** The hosts of lines without a host of their own: `host` where the view names none, and none where no line is without one. */
export function viewpointsOf(view: View, host: string): string[] {
  return isAllPlaced(view) ? [] : [view.at ?? host].flat();
}

/** Every line has a host of its own. */
export function isAllPlaced({ in_order, any_order, only, never, count }: View): boolean {
  const others = [any_order, only, never, count].some((list) => list !== undefined);
  return !others && in_order !== undefined && in_order.every(({ at }) => at !== undefined);
}

/** All hosts that must have captured. */
export function hostsOfView(view: View, host: string): string[] {
  const placed = (view.in_order ?? []).flatMap(({ at }) => at ?? []);
  return [...new Set([...viewpointsOf(view, host), ...placed])];
}

/** Everything that speaks of a host, and where. */
export function referencesOf(value: Wire): Reference[] {
  if (!Array.isArray(value)) return ofView(value, []);
  return value.flatMap((item, index) =>
    isSought(item) ? ofLine(item, { path: [index] }) : ofView(item, [index]),
  );
}

function ofView(one: View, path: (string | number)[]): Reference[] {
  const at = Array.isArray(one.at)
    ? one.at.map((host, index): Reference => ({ path: [...path, 'at', index], is: 'host', value: host }))
    : one.at === undefined
      ? []
      : [{ path: [...path, 'at'], is: 'host' as const, value: one.at }];
  const listed = LISTS.flatMap((key) =>
    (one[key] ?? []).flatMap((item: Placed, index) => ofPlaced(item, [...path, key, index])),
  );
  const counted = (one.count ?? []).flatMap((item) =>
    ofLine(item, { path: [...path, 'count', item.text], inKey: true }),
  );
  return [...at, ...listed, ...counted];
}

function ofPlaced({ at, ...sought }: Placed, path: (string | number)[]): Reference[] {
  if (at === undefined) return ofLine(sought, { path });
  return [
    { path: [...path, at], is: 'host', value: at, inKey: true },
    ...ofLine(sought, { path: [...path, at] }),
  ];
}

function ofLine({ text, line }: Sought, where: Pick<Reference, 'path' | 'inKey'>): Reference[] {
  return [...new Set(hostsOf(line))].map((value) => ({
    ...where,
    is: 'cable' as const,
    value,
    part: { from: placeIn(text, value), length: value.length },
  }));
}

/** Where a host stands in a line: as a word of its own, or before a port or behind a field's name. */
function placeIn(text: string, host: string): number {
  const found = new RegExp(`(?<=[\\s=]|^)${host.replace('.', '\\.')}(?=[\\s:]|$)`).exec(text);
  return found?.index ?? 0;
}
