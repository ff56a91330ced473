/** The claims, each with the steps of scenarios that show it. */
import type { Control, Scenario, Step } from '../model/types.ts';
import { CLAIMS, type Claim } from './table.ts';

/** A step that says it shows the claim, and its controls for that. */
export interface Showing {
  scenario: Scenario;
  step: Step;
  controls: Control[];
}

export interface Listed {
  claim: Claim;
  by: Showing[];
}

/** Every claim in the table's order; `by` is empty for those that no step shows. */
export function listClaims(scenarios: readonly Scenario[]): Listed[] {
  return CLAIMS.map((claim) => ({
    claim,
    by: scenarios.flatMap((scenario) =>
      scenario.steps
        .filter(({ shows }) => shows.includes(claim.id))
        .map((step) => ({ scenario, step, controls: controlsFor(claim.id, step) })),
    ),
  }));
}

function controlsFor(id: string, { controls = [] }: Step): Control[] {
  return controls.filter(({ claims }) => claims.includes(id));
}
