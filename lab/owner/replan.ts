import { AUTO } from '../scenario/auto.ts';
import type { Plan } from '../scenario/planned.ts';
import type { Scenario } from '../scenario/types.ts';

/** The scenario with the subnets that its networks written `auto` have in a lab that is up: those are not to change. */
export function withSubnetsOf(plan: Plan, scenario: Scenario): Scenario {
  const has = new Map(plan.networks.map(({ name, subnet }) => [name, subnet]));
  const networks = scenario.networks.map((network) => ({
    ...network,
    subnet: network.subnet === AUTO ? (has.get(network.name) ?? AUTO) : network.subnet,
  }));
  return { ...scenario, networks };
}
