/** A control as a scenario, and whether its run failed as the control foretold. */
import { patient } from '../agent/patience.ts';
import type { Control, Foretold, Scenario } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import { find } from '../patterns/find.ts';
import { SlowPattern } from '../patterns/slow-pattern.ts';
import type { RunResult } from '../reports/result.ts';
import { patternOf } from '../scenario/controls/control-form.ts';

/** Milliseconds for which a pattern is tried on one value. */
const PATTERN_ENDS_WITHIN = 5_000;

/** The same lab in a world in which the claim is false: its last step is the one that must fail. */
export function falseWorld(scenario: Scenario, { hosts, steps }: Control): Scenario {
  return { ...scenario, hosts: hosts ?? scenario.hosts, steps };
}

/** The parts of a run that count: the results of its steps, and the reason of an early end. */
export type Ran = Pick<RunResult, 'steps' | 'stopped'>;

export type Finding =
  /** It failed with the value that was foretold. */
  | { how: 'as foretold'; check: string; found: string }
  /** All held, although the claim was false: the step shows nothing. */
  | { how: 'held' }
  /** It failed with another value, or an earlier step failed. */
  | { how: 'otherwise'; found: string; foretold: string }
  /** It could not be tried. */
  | { how: 'not tried'; why: string };

/** The finding of a run of the false world. */
export async function findingOf({ steps, stopped }: Ran, { fails }: Control): Promise<Finding> {
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
  const met = await firstForetold(last.checks, fails);
  if (met instanceof SlowPattern) return { how: 'otherwise', foretold, found: met.message };
  if (!met) return { how: 'otherwise', foretold, found: showFailed(last) };
  return { how: 'as foretold', check: met.what, found: met.found ?? '' };
}

/** The first check that failed as foretold, or the error of a pattern that took too long. */
async function firstForetold(
  checks: readonly Check[],
  fails: Foretold,
): Promise<Check | SlowPattern | undefined> {
  try {
    for (const check of checks) if (!check.held && (await isForetold(check, fails))) return check;
    return undefined;
  } catch (error) {
    if (error instanceof SlowPattern) return error;
    throw error;
  }
}

async function isForetold(check: Check, { check: what, found, why }: Foretold): Promise<boolean> {
  const meets = async (text = '', wanted: string | undefined) => {
    if (wanted === undefined) return true;
    const pattern = patternOf(wanted);
    if (typeof pattern === 'string') return false;
    return pattern
      ? (await find(pattern, text, patient(PATTERN_ENDS_WITHIN))) !== undefined
      : text.includes(wanted);
  };
  return (
    (await meets(check.what, what)) && (await meets(check.found, found)) && (await meets(check.why, why))
  );
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
