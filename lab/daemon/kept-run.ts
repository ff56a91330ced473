/** A run in an owner: where a step did not hold, the lab stays up, so that a user can look at it. */
import type { Choice } from '../engines/index.ts';
import type { Scenario } from '../model/types.ts';
import type { RunResult } from '../reports/result.ts';
import type { RunOptions } from '../run/run.ts';
import { startOwner } from './start.ts';
import type { LabState } from './state.ts';

export interface KeptRunOptions
  extends Required<Pick<RunOptions, 'strict' | 'capture' | 'progress' | 'begins' | 'step' | 'stopped'>> {
  choice: Choice;
  signal: AbortSignal;
  ready(plan: Parameters<NonNullable<RunOptions['ready']>>[0]): Promise<void>;
  /** Called before the result is returned, where the lab is still up. */
  kept(state: LabState): void;
}

/** Like runScenario (lab/run/run.ts): the same results, told in the same order. */
export async function runInOwner(scenario: Scenario, options: KeptRunOptions): Promise<RunResult> {
  const { choice, signal, progress, ready, begins, step, stopped, strict, capture } = options;
  const { state, result } = await startOwner(scenario, {
    choice,
    signal,
    progress,
    ready,
    begins,
    step,
    stopped,
    steps: { strict, capture },
  });
  if (state) options.kept(state);
  return result!;
}
