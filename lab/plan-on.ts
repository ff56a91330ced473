/** The plan of a scenario for the engine it will be on: networks written `auto` get subnets that are free there. */
import { randomInt } from 'node:crypto';
import type { Engine } from './engines/engine.ts';
import { CANDIDATES, hasAuto, settleSubnets } from './scenario/auto.ts';
import { planScenario } from './scenario/plan.ts';
import type { Plan } from './scenario/planned.ts';
import type { Scenario } from './scenario/types.ts';

/**
 * Where networks are shared with others the search begins anywhere, so that labs that come up side by side do not
 * all want the same one; elsewhere the same scenario has the same plan every time.
 */
export async function planOn(engine: Engine, scenario: Scenario): Promise<Plan> {
  if (!hasAuto(scenario) || !engine.taken) return planScenario(scenario);
  return planScenario(settleSubnets(scenario, await engine.taken(), randomInt(CANDIDATES)));
}
