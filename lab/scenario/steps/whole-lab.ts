/** Steps that are done to the lab as a whole, at none of its hosts: those that break something, or make it whole. */

import type { Host } from '../../model/types.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import { type Page, refuse, whereIs } from '../text/page.ts';
import { type Entry, entriesOf, placeOf, plain } from '../text/tree.ts';
import type { Topology } from '../topology/topology.ts';
import type { StepWord, Vocabulary } from '../vocabulary.ts';
import { bringBack, type Standing, takeDown } from './standing-faults.ts';

/** Whether the step has no host. Where the word is mistyped, the one that was probably meant decides. */
export function isWholeLab(
  { steps }: Vocabulary,
  entries: readonly Entry[],
  word: StepWord | undefined,
): boolean {
  if (word) return word.wholeLab === true;
  const words = steps.map((one) => one.word);
  return entries.some(({ key }) =>
    steps.some((one) => one.wholeLab && (one.kinds?.includes(key) || nearest(key, words) === one.word)),
  );
}

export function refuseAt(page: Page, entries: readonly Entry[], word: StepWord | undefined): undefined {
  const entry = entries.find(({ key }) => key === 'at');
  if (!entry || !word) return;
  refuse(page, entry.at, `\`${word.word}\` takes no \`at\``, { hint: 'leave `at` out' });
}

/** Refuses `fault: { start: echo }`: a step of its own, taken for a kind of this one. */
export function refuseSteps(
  page: Page,
  { steps }: Vocabulary,
  { word, kinds }: StepWord,
  entry: Entry,
): void {
  for (const inner of kinds ? entriesOf(entry.value) : []) {
    if (!steps.some((step) => step.word === inner.key)) continue;
    const hint = `write it without \`${word}\`: \`${inner.key}: …\``;
    refuse(page, inner.at, `\`${inner.key}\` is a step of its own`, { hint, settled: true });
  }
}

export interface Following {
  page: Page;
  hosts: ReadonlyMap<string, Host>;
  around: Topology;
  /** The faults that stand before the step, and then those that stand after it. */
  faults: Standing[];
}

/** `args` is undefined where the arguments are wrong. Then only the name counts, so that later steps may speak of it. */
export function followFaults(
  { page, hosts, faults, around }: Following,
  word: StepWord,
  entry: Entry,
  args: { value: unknown } | undefined,
): void {
  const { line } = whereIs(page, entry.at);
  if (!args) {
    const as = (plain(entry.value) as { as?: unknown } | null)?.as;
    if (typeof as === 'string') takeDown(faults, { path: [], as, holds: [], state: '', undo: '' }, line);
    return;
  }
  const value = args.value as never;
  const say = (path: (string | number)[], found: Dangling | undefined) => {
    if (found) refuse(page, placeOf(entry.value, path, entry.at), found.message, found);
  };
  const objections = word.objections?.(value, hosts, around.known) ?? [];
  for (const objection of objections) say(objection.path, objection);
  const breaking = word.breaks?.(value, hosts);
  const broken = breaking && takeDown(faults, breaking, line);
  // A mistaken move moves nobody.
  if (breaking && (broken || objections.length > 0)) delete faults.at(-1)?.moving;
  if (broken) say(broken.path, broken);
  const repair = word.repairs?.(value, hosts);
  if (repair) say(repair.path, bringBack(faults, repair, line));
}
