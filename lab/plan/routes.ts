/** Ways as routes: every name becomes a literal address of one family. Pure. */
import {
  contains,
  engineAddress,
  FAMILIES,
  type Family,
  parseAddress,
  printAddress,
  printSubnet,
  type Subnet,
  subnetFrom,
} from '../model/address.ts';
import { familiesOf, hostsOf } from '../model/families.ts';
import { addressOf, type PlannedHost, type PlannedRoute } from '../model/planned.ts';
import type { Host, Scenario } from '../model/types.ts';
import { findWays, gatewayOf, networksOf, type Step, type Ways } from '../model/ways.ts';

/** Fills in every host's routes, IPv4's first; `planned` are the hosts of the scenario, in the same order. */
export function fillRoutes(planned: readonly PlannedHost[], scenario: Scenario): void {
  for (const family of FAMILIES) {
    const hosts = hostsOf(family, scenario.hosts, familiesOf(scenario.networks));
    const around: Around = {
      family,
      ways: findWays(hosts),
      hosts: new Map(hosts.map((host) => [host.name, host])),
      byName: new Map(planned.map((host) => [host.name, host])),
      networks: scenario.networks.flatMap(({ name, subnets, internet }) => {
        const subnet = subnets.map(subnetFrom).find((one) => one.family === family);
        return subnet ? [{ name, subnet, internet: internet === true && family === 'ipv4' }] : [];
      }),
    };
    for (const [index, host] of hosts.entries()) {
      const one = planned[index]!;
      one.routes.push(...routesOf(one, host, around));
    }
  }
}

interface Around {
  family: Family;
  ways: Ways;
  hosts: ReadonlyMap<string, Host>;
  byName: ReadonlyMap<string, PlannedHost>;
  /** The networks that have the family. */
  networks: readonly { name: string; subnet: Subnet; internet: boolean }[];
}

/**
 * The longest prefix first. A router has a route to each network. Another host has no route with the next hop of its
 * default. Neither has a worked-out route to a network to which a static route leads.
 */
function routesOf(planned: PlannedHost, host: Host, around: Around): PlannedRoute[] {
  const { ways, networks, hosts } = around;
  const written = (host.routes ?? []).map(({ to, via }): PlannedRoute => {
    return { to, ...hopOf(planned, gatewayOf(host, via, hosts)!, around) };
  });
  const own = networksOf(host);
  const far = networks.filter(({ name }) => !own.includes(name));
  const fallback = defaultOf(planned, host, around);
  const routes = far.flatMap(({ name, subnet }): PlannedRoute[] => {
    const step = ways.first(host.name, name);
    return step && !step.written ? [{ to: printSubnet(subnet), ...hopOf(planned, step, around) }] : [];
  });
  const needed = host.forward ? routes : routes.filter(({ via }) => via !== fallback?.via);
  return [...written, ...needed, ...(fallback ? [fallback] : [])];
}

/** The default route: to the written `gateway`, else out of the lab where a way is open, else to the only router. */
function defaultOf(planned: PlannedHost, host: Host, around: Around): PlannedRoute | undefined {
  const { ways } = around;
  const step = ways.fallback(host.name);
  if (!host.gateway) {
    const out = wayOut(planned, host, around);
    if (out) return { to: 'default', ...out };
  }
  return step && { to: 'default', ...hopOf(planned, step, around) };
}

/** The engine's address, where one of the host's networks leads out, else the next hop to the nearest such network. */
function wayOut(planned: PlannedHost, host: Host, around: Around): Hop | undefined {
  const { ways, networks } = around;
  const open = networks.filter(({ internet }) => internet);
  const card = planned.interfaces.find(({ network }) => open.some(({ name }) => name === network));
  if (card) {
    const { subnet } = open.find(({ name }) => name === card.network)!;
    return { via: printAddress(engineAddress(subnet)!), interface: card.name };
  }
  const counted = open.map(({ name }) => ({ name, routers: ways.routers(host.name, name) }));
  const reached = counted.filter(({ routers }) => routers !== undefined);
  const [nearest] = reached.toSorted((one, other) => one.routers! - other.routers!);
  const step = nearest && ways.first(host.name, nearest.name);
  return step && hopOf(planned, step, around);
}

type Hop = Omit<PlannedRoute, 'to'>;

function hopOf(planned: PlannedHost, { on, router, address }: Step, { byName, family }: Around): Hop {
  if (router === undefined) return { via: address!, interface: cardTowards(planned, address!) };
  const card = planned.interfaces.find(({ network }) => network === on)!;
  const theirs = byName.get(router)!.interfaces.find(({ network }) => network === on)!;
  return { via: address ?? addressOf(theirs, family)!.address, interface: card.name };
}

/** The card on the network of an address that no host of the scenario has. */
function cardTowards({ interfaces }: PlannedHost, written: string): string {
  const address = parseAddress(written)!;
  const card = interfaces.find(({ addresses }) =>
    addresses.some((one) => contains(subnetFrom(`${one.address}/${one.prefix}`), address)),
  );
  return (card ?? interfaces[0]!).name;
}
