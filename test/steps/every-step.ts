/** A contract of steps in one scenario: every step of it holds. */
import { expect } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

/** Runs the scenario in a lab of its own, and shows the checks of each step that does not hold. */
export async function everyStepHolds(text: string, file: string, engine: Engine): Promise<void> {
  const scenario = loadScenario(text, file, vocabulary);
  const run = await runScenario(scenario, { engine, signal: new AbortController().signal });
  const wrong = run.steps.filter(({ status }) => status !== 'held');
  const told = wrong.map(({ index, name, skipped, checks }) => ({
    step: name ?? index,
    skipped,
    checks: checks.filter(({ held }) => !held),
  }));
  expect(told).toEqual([]);
}
