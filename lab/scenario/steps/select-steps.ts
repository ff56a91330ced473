/** Some of a scenario's steps: those that are asked for, and those that they rest on. */
import { LabError } from '../../errors.ts';
import type { Scenario, Step } from '../../model/types.ts';
import type { Vocabulary } from '../vocabulary.ts';

/**
 * The scenario with the steps whose name holds one of the texts (in any case) or which show one of the claims. Steps that
 * open the conversations of these steps stay too. Faults and their healing stay, as far as they come before the last of these
 * steps. Throws LabError `usage` where nothing matches.
 */
export function selectSteps(
  scenario: Scenario,
  filters: readonly string[],
  vocabulary: Vocabulary,
): Scenario {
  const wanted = new Set(scenario.steps.filter((step) => filters.some((filter) => matches(step, filter))));
  if (wanted.size === 0) throw nothing(scenario, filters);
  const last = Math.max(...[...wanted].map(({ index }) => index));
  for (const step of [...scenario.steps].reverse()) {
    if (wanted.has(step)) for (const needed of restsOn(step, scenario, vocabulary)) wanted.add(needed);
    else if (step.index < last && wordOf(step, vocabulary)?.wholeLab) wanted.add(step);
  }
  return { ...scenario, steps: scenario.steps.filter((step) => wanted.has(step)) };
}

function matches({ name, shows }: Step, filter: string): boolean {
  return (
    shows.includes(filter.toUpperCase()) || (name?.toLowerCase().includes(filter.toLowerCase()) ?? false)
  );
}

function wordOf(step: Step, { steps }: Vocabulary) {
  return steps.find(({ word }) => word === step.kind);
}

/** The steps before this one that gave a name it uses. */
function restsOn(step: Step, { steps }: Scenario, vocabulary: Vocabulary): Step[] {
  const references = wordOf(step, vocabulary)?.references?.(step.args as never) ?? [];
  const used = references.filter(({ is }) => is === 'conversation').map(({ value }) => value);
  const gives = (earlier: Step) => wordOf(earlier, vocabulary)?.gives?.(earlier.args as never);
  return used.flatMap(
    (name) =>
      steps.findLast(
        (earlier) => earlier.index < step.index && earlier.at === step.at && gives(earlier) === name,
      ) ?? [],
  );
}

function nothing({ file, steps }: Scenario, filters: readonly string[]): LabError {
  const claims = [...new Set(steps.flatMap(({ shows }) => shows))].sort();
  const shown = claims.length > 0 ? `, or one of its claims: ${claims.join(', ')}` : '';
  const texts = filters.map((filter) => `"${filter}"`).join(' or ');
  return new LabError('usage', `no step of ${file} matches ${texts}`, {
    hint: `give a part of a step's name${shown}`,
  });
}
