/** From a scenario to a lab on an engine: networks written `auto` get subnets that are free there. */
import { randomInt } from 'node:crypto';
import type { Engine } from '../engines/engine.ts';
import { SubnetTaken } from '../errors.ts';
import { CANDIDATES, hasAuto, settleSubnets } from '../model/auto-subnets.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { planScenario } from '../plan/plan.ts';
import { type BringUpOptions, bringUp, type LiveLab } from './up.ts';

/** How often others may be faster to take a subnet. */
const TRIES = 5;

/**
 * Where labs share the networks of a machine, the search begins at a random place: labs that come up side by side are
 * then not all after the same subnet. Elsewhere the same scenario has the same plan every time. `before` is the plan of the lab
 * that is up, where it is to be changed.
 */
export async function planOn(engine: Engine, scenario: Scenario, before?: Plan): Promise<Plan> {
  const fitting = withMtu(scenario, engine.mtu);
  const settled =
    hasAuto(scenario) && engine.taken
      ? settleSubnets(fitting, await engine.taken(), randomInt(CANDIDATES))
      : fitting;
  return placedBy(engine, planScenario(settled), before);
}

/** Networks without `mtu` have the engine's. */
function withMtu(scenario: Scenario, mtu: number | undefined): Scenario {
  if (mtu === undefined) return scenario;
  return { ...scenario, networks: scenario.networks.map((network) => ({ mtu, ...network })) };
}

async function placedBy(engine: Engine, plan: Plan, before: Plan | undefined): Promise<Plan> {
  const placed = await engine.place?.(plan, before);
  if (!placed) return plan;
  const hosts = plan.hosts.map((host) => {
    const node = placed.get(host.name);
    return node === undefined ? host : { ...host, node };
  });
  return { ...plan, hosts };
}

/**
 * Brings up a scenario with the plan that was made of it. Where another lab was faster to take one of its subnets, a new
 * plan with another subnet is made. The lab's own `plan` is the one that counts. Throws LabError.
 */
export async function bringUpOn(
  engine: Engine,
  scenario: Scenario,
  options: BringUpOptions,
  first?: Plan,
): Promise<LiveLab> {
  let plan = first ?? (await planOn(engine, scenario));
  for (let left = TRIES; ; left--) {
    try {
      return await bringUp(plan, engine, options);
    } catch (error) {
      if (!(error instanceof SubnetTaken) || !hasAuto(scenario) || left === 1) throw error;
      plan = await planOn(engine, scenario);
    }
  }
}
