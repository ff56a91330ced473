/** The set-up of a host, from its plan: for its agent, or for an engine that sets its hosts up itself. */
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
    ...(plan.env && { env: plan.env }),
  };
}

/** IPv4 routes by a card that is leased come with its lease, so they are left out. */
export function routesGiven({ interfaces, routes }: PlannedHost): PlannedRoute[] {
  const leased = interfaces.flatMap((card) => (card.leased ? [card.name] : []));
  return routes.filter(({ interface: card, via }) => !leased.includes(card) || isIPv6(via));
}
