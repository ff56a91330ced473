/** The failure of a step, in words that are complete without the rest of a report: expected, found, why, where. */

import type { Check } from '../outcomes/check.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import { oneLine, visible } from './printable.ts';
import { placeOf, type RunResult, titleOf } from './result.ts';
import { lastLineOf } from './stderr-text.ts';

/** One line with everything, for a step that failed, or that was skipped under `--strict`. */
export function troubleLine(step: StepResult): string {
  const troubles = step.skipped
    ? [`skipped, and --strict allows no skip: ${step.skipped.why}; hint: ${step.skipped.hint}`]
    : step.checks.filter(({ held }) => !held).map(checkLine);
  if (step.stderr !== undefined) troubles.push(`stderr ends with: ${lastLineOf(step.stderr)}`);
  return oneLine(`${troubles.join('; ')}; at ${step.at}: ${step.did}; ${placeOf(step.where)}`);
}

function checkLine({ what, incomplete, expected, found, why }: Check): string {
  const parts = [
    ...(incomplete ? ['lanlab cannot tell'] : []),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(found === undefined ? [] : [`found ${found}`]),
    ...(why === undefined ? [] : [`why: ${why}`]),
  ];
  return parts.length > 0 ? `${what}: ${parts.join(', ')}` : `${what}: this did not hold`;
}

/** The same on several lines. */
export function troubleText(step: StepResult): string {
  const lines = step.skipped
    ? [`skipped: ${step.skipped.why}`, `hint: ${step.skipped.hint}`]
    : step.checks.filter(({ held }) => !held).flatMap(checkLines);
  if (step.stderr !== undefined) lines.push('  stderr', step.stderr.trimEnd());
  return visible([...lines, `at ${step.at}: ${step.did}`, placeOf(step.where)].join('\n'));
}

function checkLines({ what, incomplete, expected, found, why }: Check): string[] {
  return [
    incomplete ? `${what}: lanlab cannot tell` : what,
    ...(expected === undefined ? [] : [`  expected  ${expected}`]),
    ...(found === undefined ? [] : [`  found     ${found}`]),
    ...(why === undefined ? [] : [`  why       ${why}`]),
  ];
}

/** The error that stopped the run, on one line; undefined where the run came to its end. */
export function stopLine(run: RunResult): string | undefined {
  const { stopped } = run;
  if (!stopped) return undefined;
  const place = stopped.where ? `${placeOf(stopped.where)}: ` : '';
  const hint = stopped.hint === undefined ? '' : `; hint: ${stopped.hint}`;
  return oneLine(`${titleOf(run)} was stopped: ${place}${stopped.message}${hint}`);
}
