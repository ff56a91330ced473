/** A run on a page: its result, the failures, the lab, every step. */

import { lossText } from '../../captures/losses.ts';
import { showTime } from '../../outcomes/show.ts';
import type { StepResult } from '../../outcomes/step-result.ts';
import { namesOf } from '../../wire/ladder/lanes.ts';
import { clocksText } from '../clocks-text.ts';
import { type Markup, tag } from '../markup.ts';
import { plural } from '../printable.ts';
import { lackingOf, type RunResult, succeeded } from '../result.ts';
import { stopLine } from '../trouble.ts';
import { laddersOf, partiesOf } from './captured.ts';
import type { PackedFrames } from './frames.ts';
import { isTrouble, stepMarkup, stepPointer, VERDICT_WORDS, verdictOf } from './steps.ts';
import { topologyMarkup } from './topology.ts';

export function runMarkup(run: RunResult, index: number, frames: PackedFrames): Markup {
  const id = (step: StepResult) => `r${index}-s${step.index}`;
  const ladders = laddersOf(run);
  const names = namesOf(partiesOf(run));
  const part = (step: StepResult) => ({
    label: `Frames of step ${step.index}`,
    prefix: `${index}.`,
    frames,
    names,
    id: id(step),
    ladder: ladders.get(step),
  });
  const failed = run.steps.filter((step) => isTrouble(verdictOf(run, step)));
  const listed = run.steps.map((step) =>
    failed.includes(step) ? stepPointer(run, step, id(step)) : stepMarkup(run, step, part(step)),
  );
  return tag(
    'article',
    { class: 'run' },
    heading(run, id),
    failed.length > 0
      ? tag(
          'section',
          { class: 'failures' },
          tag('h2', {}, 'Steps that did not hold'),
          failed.map((step) => stepMarkup(run, step, part(step))),
        )
      : undefined,
    topologyMarkup(run),
    tag('section', { class: 'steps' }, tag('h2', {}, 'Steps'), wireHint(run), listed),
  );
}

function heading(run: RunResult, id: (step: StepResult) => string): Markup {
  const { scenario, engine, versions, started, took } = run;
  const stop = stopLine(run);
  const facts: [string, string][] = [
    ['scenario', scenario.file],
    ['engine', [engine.name, engine.version].filter(Boolean).join(', ')],
    ['started', `${started.slice(0, 19).replace('T', ' ')} UTC`],
    ['took', `up ${showTime(took.up)}, steps ${showTime(took.steps)}, down ${showTime(took.down)}`],
    ...(run.clocks ?? []).map((pair): [string, string] => ['clocks', clocksText(pair)]),
    ['with', `lanlab ${versions.lanlab}, Node ${versions.node}, ${versions.system}`],
  ];
  return tag(
    'header',
    {},
    tag(
      'h1',
      {},
      scenario.lab,
      tag('span', { class: succeeded(run) ? 'badge held' : 'badge failed' }, verdictWords(run)),
    ),
    scenario.about === undefined ? undefined : tag('p', { class: 'about' }, scenario.about),
    stop === undefined ? undefined : tag('p', { class: 'stopped' }, stop),
    tag(
      'dl',
      { class: 'facts' },
      facts.map(([label, text]) => tag('div', {}, tag('dt', {}, label), tag('dd', {}, text))),
    ),
    tag(
      'nav',
      { class: 'strip', 'aria-label': 'Steps' },
      run.steps.map((step) => stripLink(run, step, id(step))),
    ),
    lacking(run),
  );
}

function verdictWords(run: RunResult): string {
  const counts = { held: 0, failed: 0, incomplete: 0, skipped: 0, missed: 0 };
  for (const step of run.steps) counts[verdictOf(run, step)] += 1;
  const { held, failed, incomplete, skipped, missed } = counts;
  const words = [
    failed > 0
      ? `${failed} of ${plural(run.steps.length, 'step')} did not hold`
      : `${plural(held, 'step')} held`,
    ...(incomplete > 0 ? [`${incomplete} incomplete`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(missed > 0 ? [`${missed} not reached`] : []),
  ];
  return words.join(', ');
}

function stripLink(run: RunResult, step: StepResult, id: string): Markup {
  const verdict = verdictOf(run, step);
  const title = `step ${step.index}, ${VERDICT_WORDS[verdict]}: ${step.name}`;
  return tag('a', { class: verdict, href: `#${id}`, title, 'aria-label': title }, step.index);
}

function lacking(run: RunResult): Markup | undefined {
  const all = lackingOf(run);
  if (all.length === 0) return undefined;
  const items = all.map(({ capability, why, hint }) =>
    tag('li', {}, `${capability}: ${why} (hint: ${hint})`),
  );
  return tag(
    'details',
    { class: 'lacking' },
    tag('summary', {}, 'Missing on this machine'),
    tag('ul', {}, items),
  );
}

function wireHint({ captured }: RunResult): Markup | undefined {
  if (captured && captured.losses.length > 0) {
    return tag(
      'p',
      { class: 'stopped' },
      `Not every frame is here: ${captured.losses.map(lossText).join('; ')}`,
    );
  }
  if (captured) return undefined;
  return tag(
    'p',
    { class: 'hint' },
    'No frames were captured in this run. To see the wire beside each step, write ',
    tag('code', {}, 'capture: all'),
    ' at the top of the scenario, or let a step expect something of it: ',
    tag('code', {}, 'expect: { wire: [...] }'),
    '.',
  );
}
