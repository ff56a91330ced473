/** A control as a scenario, and whether it failed as was foretold. Pure. */
import type { Check } from '../outcomes/check.ts';
import type { RunResult } from '../reports/result.ts';
import { patternOf } from '../scenario/control-form.ts';
import type { Control, Foretold, Scenario } from '../scenario/types.ts';
import type { StepResult } from '../steps/run-step.ts';

/** The same lab in a world in which the claim is false: its last step is the one that must fail. */
export function falseWorld(scenario: Scenario, { hosts, steps }: Control): Scenario {
  return { ...scenario, hosts: hosts ?? scenario.hosts, steps };
}

/** What is asked of a run: what its steps came to, and what ended it early. */
export type Ran = Pick<RunResult, 'steps' | 'stopped'>;

export type Finding =
  /** It failed, and with the value that was foretold. */
  | { how: 'as foretold'; check: string; found: string }
  /** All held, although the claim was false: the step shows nothing. */
  | { how: 'held' }
  /** It failed, but not so; or something before it did. */
  | { how: 'otherwise'; found: string; foretold: string }
  /** It could not be tried. */
  | { how: 'not tried'; why: string };

/** What a run of the false world comes to. */
export function findingOf({ steps, stopped }: Ran, { fails }: Control): Finding {
  if (stopped) return { how: 'not tried', why: stopped.message };
  const last = steps.at(-1);
  if (!last) throw new Error('a control has a step that must fail');
  const skipped = steps.find(({ status }) => status === 'skipped');
  if (skipped) return { how: 'not tried', why: `${nameOf(skipped)} was skipped: ${skipped.skipped?.why}` };
  const unseen = steps.find(({ status }) => status === 'incomplete');
  if (unseen) return { how: 'not tried', why: `${nameOf(unseen)} is incomplete: ${showFailed(unseen)}` };
  const foretold = showForetold(fails);
  const early = steps.slice(0, -1).find(({ status }) => status === 'failed');
  if (early)
    return { how: 'otherwise', foretold, found: `${nameOf(early)} failed before it: ${showFailed(early)}` };
  if (last.status === 'held') return { how: 'held' };
  const met = last.checks.find((check) => !check.held && isForetold(check, fails));
  if (!met) return { how: 'otherwise', foretold, found: showFailed(last) };
  return { how: 'as foretold', check: met.what, found: met.found ?? '' };
}

function isForetold(check: Check, { check: what, found, why }: Foretold): boolean {
  const meets = (text: string | undefined, wanted: string | undefined) => {
    const test = wanted === undefined ? () => true : patternOf(wanted);
    return typeof test === 'function' && test(text ?? '');
  };
  return meets(check.what, what) && meets(check.found, found) && meets(check.why, why);
}

/** By its line: the steps of a false world have numbers that the file does not have. */
function nameOf({ where, name }: StepResult): string {
  return `line ${where.line} (${name})`;
}

function showFailed({ checks }: StepResult): string {
  const failed = checks.filter(({ held }) => !held);
  return failed
    .map(({ what, found, why }) => `${what}: ${found ?? 'no value'}${why === undefined ? '' : ` (${why})`}`)
    .join('; ');
}

function showForetold({ check, found, why }: Foretold): string {
  return `${check}: ${found}${why === undefined ? '' : ` (${why})`}`;
}
