/** What a host must look like, from its plan: said to its agent, or done by an engine that sets its hosts up itself. */
import { isIPv6 } from 'node:net';
import type { HostSetup } from '../agent/protocol.ts';
import type { PlannedHost, PlannedRoute } from '../model/planned.ts';

export function hostSetup(plan: PlannedHost): HostSetup {
  return {
    hostname: plan.name,
    interfaces: plan.interfaces,
    routes: routesGiven(plan),
    ...(plan.resolvers && { resolvers: plan.resolvers }),
    ...(plan.nat && { nat: plan.nat }),
    ...(plan.firewall && { firewall: plan.firewall }),
    hostsFile: plan.hostsFile,
    sysctls: plan.sysctls,
  };
}

/** What goes by a card that is leased comes with its lease, as far as it is IPv4. */
export function routesGiven({ interfaces, routes }: PlannedHost): PlannedRoute[] {
  const leased = interfaces.flatMap((card) => (card.leased ? [card.name] : []));
  return routes.filter(({ interface: card, via }) => !leased.includes(card) || isIPv6(via));
}
