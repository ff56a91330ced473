/** The steps of a scenario that an engine can never do: found out before anything starts. */
import type { Engine } from '../engines/engine.ts';
import { LabError, type Where } from '../errors.ts';
import type { Scenario } from '../model/types.ts';
import { steps } from '../vocabulary.ts';

export interface Unsupported {
  /** The step and the reason: `step 3 (kill the program of echo): …`. */
  what: string;
  where: Where;
}

/** The steps that this engine can never do; empty is good. */
export function unsupportedSteps(
  scenario: Pick<Scenario, 'steps'>,
  { never }: Pick<Engine, 'never'>,
): Unsupported[] {
  return scenario.steps.flatMap((step) => {
    const kind = steps.find(({ word }) => word === step.kind);
    const why = (kind?.features?.(step.args) ?? []).flatMap((feature) => never[feature] ?? []);
    if (!kind || why.length === 0) return [];
    const what = `step ${step.index} (${kind.explain(step.args, step)}): ${why.join('; ')}`;
    return [{ what, where: step.where }];
  });
}

/** Throws LabError (`unsupported`) where a step asks for something that the engine can never do. */
export function refuseUnsupportedSteps(scenario: Scenario, engine: Pick<Engine, 'name' | 'never'>): void {
  const [first, ...more] = unsupportedSteps(scenario, engine);
  if (!first) return;
  const others =
    more.length > 0 ? `, and ${more.length} more such ${more.length === 1 ? 'step' : 'steps'}` : '';
  throw new LabError('unsupported', `the engine ${engine.name} cannot run this: ${first.what}${others}`, {
    where: first.where,
    hint: 'run it on another engine (lanlab engines)',
  });
}

/** Throws LabError (`scenario`) where a step names a machine that the engine does not have. */
export async function refuseUnknownMachines(
  scenario: Scenario,
  engine: Pick<Engine, 'machines'>,
): Promise<void> {
  const named = scenario.steps.flatMap((step) => {
    const kind = steps.find(({ word }) => word === step.kind);
    return (kind?.machines?.(step.args) ?? []).map((name) => ({ name, where: step.where }));
  });
  if (named.length === 0) return;
  const names = (await engine.machines?.()) ?? [];
  const unknown = named.find(({ name }) => !names.includes(name));
  if (!unknown) return;
  throw new LabError('scenario', `no node is called ${unknown.name}`, {
    where: unknown.where,
    hint: `nodes are ${names.join(', ')} (lanlab engines)`,
  });
}
