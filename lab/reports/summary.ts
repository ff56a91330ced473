/** The end of the report for a person: failed steps with their places, skipped steps with hints, and the sum. */

import { lossText } from '../captures/losses.ts';
import { printTally } from '../model/link-words.ts';
import { printMissed } from '../outcomes/cable-record.ts';
import { showTime } from '../outcomes/show.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import { clocksText } from './clocks-text.ts';
import { painter } from './paint.ts';
import { hanging, oneLine, plural } from './printable.ts';
import { failedIn, placeOf, type RunResult, wasReached } from './result.ts';
import { mark, type TextOptions, widthOf } from './text.ts';

/** The last line is the sum. */
export function summaryText(run: RunResult, options: TextOptions): string {
  return [
    ...skips(run, options),
    ...losses(run, options),
    ...linksDid(run, options),
    ...clocksOf(run, options),
    ...failures(run, options),
    `${sum(run, options)}\n`,
  ].join('\n');
}

/** The failed steps with their places in the scenario, so that an editor's terminal can jump there. */
function failures(run: RunResult, options: TextOptions): string[] {
  const failed = run.steps.filter((step) => failedIn(run, step));
  if (failed.length === 0) return [];
  const paint = painter(options);
  const places = failed.map(({ where }) => oneLine(placeOf(where)));
  const longest = Math.max(...places.map((place) => place.length));
  const lines = failed.map(({ index, name, status }, row) => {
    const number = String(index).padStart(2);
    const sign = mark(status === 'incomplete' ? status : 'failed', paint);
    return `  ${places[row]!.padEnd(longest)}  ${sign} ${number} ${oneLine(name)}`;
  });
  const unsure = failed.filter(({ status }) => status === 'incomplete').length;
  const wrong = failed.length - unsure;
  const parts = [
    ...(wrong > 0 ? [`${plural(wrong, 'step')} did not hold`] : []),
    ...(unsure > 0 ? [`${plural(unsure, 'step')} cannot be judged`] : []),
  ];
  return [`${parts.join(', ')}:`, ...lines, ''];
}

/** One hint for all steps that were skipped for the same reason. */
function skips(run: RunResult, options: TextOptions): string[] {
  const skipped = run.steps.filter((step) => step.skipped && wasReached(step));
  if (skipped.length === 0) return [];
  const paint = painter(options);
  const reasons = Map.groupBy(skipped, ({ skipped }) => `${skipped?.why}\n${skipped?.hint}`);
  const lines = [...reasons.values()].flatMap((steps) => {
    const [{ skipped }] = steps as [StepResult];
    const numbers = steps.map(({ index }) => index).join(', ');
    const label = (word: string) => `    ${paint('dim', word.padEnd(4))}  `;
    return [
      `  ${plural(steps.length, 'step')}: ${numbers}`,
      ...hanging(label('why'), 10, skipped!.why, widthOf(options)),
      ...hanging(label('hint'), 10, skipped!.hint, widthOf(options)),
    ];
  });
  return [paint('yellow', 'skipped here:'), ...lines, ''];
}

/** The losses of captures: an incomplete capture does not prove that a frame was absent. */
function losses({ captured }: RunResult, options: TextOptions): string[] {
  if (!captured || captured.losses.length === 0) return [];
  const lines = captured.losses.flatMap((loss) => hanging('  ', 2, lossText(loss), widthOf(options)));
  return [painter(options)('yellow', 'not every frame was captured:'), ...lines, ''];
}

/** The counts of frames that each link and each fault impaired, and of frames that cables could not carry. */
function linksDid({ links }: RunResult, options: TextOptions): string[] {
  if (!links) return [];
  const paint = painter(options);
  const width = widthOf(options);
  const whose = Map.groupBy(links.impaired, ({ link, step, on }) =>
    step === undefined ? `the link of ${link}` : `step ${step}, on ${on}`,
  );
  const did = [...whose].flatMap(([who, both]) => hanging('  ', 4, `${who}: ${printTally(both)}`, width));
  const missed = links.missed.flatMap((one) => hanging('  ', 4, printMissed(one), width));
  return [
    paint('dim', 'on impaired cables:'),
    ...did,
    '',
    ...(missed.length > 0
      ? [
          paint('yellow', 'cables could not carry these, so there a frame that did not come proves nothing:'),
          ...missed,
          '',
        ]
      : []),
  ];
}

/** The clocks of machines, as far as frames and the machines themselves have told. */
function clocksOf({ clocks }: RunResult, options: TextOptions): string[] {
  if (!clocks) return [];
  const lines = clocks.flatMap((pair) => hanging('  ', 4, clocksText(pair), widthOf(options)));
  return [painter(options)('dim', 'clocks of the machines:'), ...lines, ''];
}

function sum(run: RunResult, options: TextOptions): string {
  const paint = painter(options);
  const { held, failed, incomplete, checks, took } = run;
  const skipped = run.steps.filter((step) => step.skipped && wasReached(step)).length;
  const missed = run.skipped - skipped;
  const parts = [
    paint(failed + incomplete > 0 ? 'reset' : 'green', `${plural(held, 'step')} held`),
    ...(failed > 0 ? [paint('red', `${failed} did not`)] : []),
    ...(incomplete > 0 ? [paint('red', `${incomplete} incomplete`)] : []),
    ...(skipped > 0 ? [paint(run.strict ? 'red' : 'yellow', `${skipped} skipped`)] : []),
    ...(missed > 0 ? [paint('yellow', `${missed} not reached`)] : []),
  ];
  const times = `up ${showTime(took.up)}, steps ${showTime(took.steps)}, down ${showTime(took.down)}`;
  return `${parts.join(', ')}: ${checks.held} of ${checks.all} checks, on ${run.engine.name} (${times})`;
}
