/** An expectation as the run sees it: it looks at an outcome, and answers with the checks that it made. */

import { patient } from '../agent/patience.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import type { ExpectationWord } from '../scenario/vocabulary.ts';

export interface ExpectationKind<Value = unknown> extends ExpectationWord<Value> {
  /** Waits as long as the step's `within` (default 5 s) for it to come true, and holds it for `for`. */
  check(value: Value, outcome: Outcome, step: Step, context: StepContext): Promise<Check[]>;
  /** Hosts at which frames are captured from before the step's action on (`context.wire`). */
  captures?(value: Value, step: Step): string[];
}

/** Milliseconds in which an expectation has to come true where the step says nothing. */
const COMES_TRUE_WITHIN = 5000;

/** How long this step's expectations may take to come true. */
export function patience(step: Step): number {
  return patient(step.within ?? COMES_TRUE_WITHIN);
}
