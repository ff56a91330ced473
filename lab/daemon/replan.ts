/** The scenario with the subnets that its networks written `auto` have in a lab that is up: those are not to change. */
import { AUTO } from '../model/auto-subnets.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';

export function withSubnetsOf(plan: Plan, scenario: Scenario): Scenario {
  const has = new Map(plan.networks.map(({ name, subnets }) => [name, subnets.map(({ subnet }) => subnet)]));
  const networks = scenario.networks.map((network) => ({
    ...network,
    subnets: network.subnets.includes(AUTO) ? (has.get(network.name) ?? [AUTO]) : network.subnets,
  }));
  return { ...scenario, networks };
}
