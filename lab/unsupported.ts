/** What an engine can never do, against what a scenario's steps ask of it: found out before anything starts. */
import type { Engine } from './engines/engine.ts';
import { LabError } from './errors.ts';
import type { Scenario } from './scenario/types.ts';
import { steps } from './vocabulary.ts';

/** A line for each step that this engine can never do, with the reason; empty is good. */
export function unsupportedSteps(
  scenario: Pick<Scenario, 'steps'>,
  { never }: Pick<Engine, 'never'>,
): string[] {
  return scenario.steps.flatMap((step) => {
    const kind = steps.find(({ word }) => word === step.kind);
    const features = kind?.features?.(step.args) ?? [];
    return features.flatMap((feature) => {
      const why = never[feature];
      return why === undefined ? [] : [`step ${step.index} (${kind?.explain(step.args, step)}): ${why}`];
    });
  });
}

/** Throws LabError (`unsupported`) where a step asks for what the engine can never do. */
export function refuseUnsupportedSteps(scenario: Scenario, engine: Engine): void {
  const never = unsupportedSteps(scenario, engine);
  if (never.length === 0) return;
  throw new LabError('unsupported', `the engine ${engine.name} cannot run this: ${never.join('; ')}`, {
    where: scenario.steps[0]?.where,
    mend: 'run it on another engine (lanlab engines)',
  });
}
