/** A step on a page: its action and its checks on the left, its frames on the right. */
import type { Check } from '../../outcomes/check.ts';
import { showTime } from '../../outcomes/show.ts';
import type { StepResult } from '../../outcomes/step-result.ts';
import type { Ladder } from '../../wire/ladder/ladder.ts';
import { type Content, type Markup, tag } from '../markup.ts';
import { plural } from '../printable.ts';
import { failedIn, placeOf, type RunResult, wasReached } from '../result.ts';
import { type LadderPart, ladderMarkup } from './ladder.ts';

export interface StepPart extends LadderPart {
  /** Undefined where nothing was captured in the whole run. */
  ladder: Ladder | undefined;
  id: string;
}

export type StepStatus = 'held' | 'failed' | 'incomplete' | 'skipped' | 'missed';

export const SIGNS: Record<StepStatus, string> = {
  held: '✓',
  failed: '✗',
  incomplete: '?',
  skipped: '–',
  missed: '·',
};

export const VERDICT_WORDS: Record<StepStatus, string> = {
  held: 'held',
  failed: 'did not hold',
  incomplete: 'incomplete: lanlab cannot tell',
  skipped: 'skipped',
  missed: 'not reached',
};

export function verdictOf(run: RunResult, step: StepResult): StepStatus {
  if (step.status === 'incomplete') return 'incomplete';
  if (failedIn(run, step)) return 'failed';
  if (step.status === 'skipped') return wasReached(step) ? 'skipped' : 'missed';
  return 'held';
}

/** Whether the step counts against the run. */
export function isTrouble(verdict: StepStatus): boolean {
  return verdict === 'failed' || verdict === 'incomplete';
}

/** The step, open where it failed. */
export function stepMarkup(run: RunResult, step: StepResult, part: StepPart): Markup {
  const verdict = verdictOf(run, step);
  const { ladder } = part;
  return tag(
    'details',
    { class: `step ${verdict}`, id: part.id, open: isTrouble(verdict) },
    stepSummary(step, verdict, ladder),
    tag(
      'div',
      { class: ladder ? 'body' : 'body bare' },
      found(step),
      ladder ? wire(ladder, part) : undefined,
    ),
  );
}

function stepSummary(step: StepResult, verdict: StepStatus, ladder: Ladder | undefined): Markup {
  const counted = ladder && ladder.frames > 0 ? plural(ladder.frames, 'frame') : '';
  return tag(
    'summary',
    {},
    tag('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]),
    tag('span', { class: 'index' }, step.index),
    tag('span', { class: 'title' }, step.name, tag('span', { class: 'sr' }, `, ${VERDICT_WORDS[verdict]}`)),
    tag(
      'span',
      { class: 'meta' },
      tag('span', { class: 'host-name' }, step.at),
      tag('span', { class: 'count' }, counted),
      tag('span', { class: 'took' }, verdict === 'held' || isTrouble(verdict) ? showTime(step.took) : ''),
    ),
  );
}

/** The entry of a step in the list of all steps, where the step itself is shown above. */
export function stepPointer(run: RunResult, step: StepResult, id: string): Markup {
  const verdict = verdictOf(run, step);
  return tag(
    'a',
    { class: `pointer ${verdict}`, href: `#${id}` },
    tag('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]),
    tag('span', { class: 'index' }, step.index),
    tag('span', { class: 'title' }, step.name),
    tag('span', { class: 'meta' }, `${VERDICT_WORDS[verdict]}: shown above`),
  );
}

function found(step: StepResult): Markup {
  const { checks, skipped, shows, where, at, did, stderr } = step;
  const facts: Content[] = [
    `at ${at}, ${placeOf(where)}`,
    ...(shows.length > 0 ? [`, shows ${shows.join(', ')}`] : []),
  ];
  return tag(
    'div',
    { class: 'found' },
    tag('p', { class: 'did' }, did),
    skipped ? reasons({ why: skipped.why, hint: skipped.hint }, 'skip') : undefined,
    checks.length > 0 ? tag('ul', { class: 'checks' }, checks.map(checkItem)) : undefined,
    stderr === undefined ? undefined : commandSaid(stderr),
    tag('p', { class: 'place' }, ...facts),
  );
}

/** The standard error of a command, in a box that scrolls. */
function commandSaid(stderr: string): Markup {
  return tag(
    'figure',
    { class: 'stderr' },
    tag('figcaption', {}, 'stderr'),
    tag('pre', {}, stderr.trimEnd()),
  );
}

function checkItem({ what, held, incomplete, expected, found, why }: Check): Markup {
  const verdict: StepStatus = held ? 'held' : incomplete ? 'incomplete' : 'failed';
  return tag(
    'li',
    { class: verdict },
    tag('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]),
    tag('span', { class: 'sr' }, `${VERDICT_WORDS[verdict]}: `),
    tag('span', { class: 'what' }, what),
    reasons({ expected, found, why }, held ? 'plain' : 'wrong'),
  );
}

function reasons(rows: Record<string, string | undefined>, name: string): Markup | undefined {
  const there = Object.entries(rows).filter(([, text]) => text !== undefined);
  if (there.length === 0) return undefined;
  return tag(
    'dl',
    { class: `reasons ${name}` },
    there.map(([label, text]) => tag('div', { class: label }, tag('dt', {}, label), tag('dd', {}, text))),
  );
}

function wire(ladder: Ladder, part: StepPart): Markup {
  if (ladder.rows.length === 0)
    return tag('p', { class: 'silence' }, 'No frame was captured during this step.');
  return tag('div', { class: 'wire scroll' }, ladderMarkup(ladder, part));
}
