/** Ways as routes: every name becomes a literal address. Pure. */
import { contains, parseAddress, subnetFrom } from './address.ts';
import type { PlannedHost, PlannedNetwork, PlannedRoute } from './planned.ts';
import type { Host } from './types.ts';
import { findWays, networksOf, type Step, type Ways } from './ways.ts';

/** Fills in every host's routes; `hosts` are those of the scenario, in the same order. */
export function fillRoutes(
  planned: readonly PlannedHost[],
  hosts: readonly Host[],
  networks: readonly PlannedNetwork[],
): void {
  const ways = findWays(hosts);
  const byName = new Map(planned.map((host) => [host.name, host]));
  for (const [index, host] of hosts.entries())
    byName.get(host.name)!.routes = routesOf(planned[index]!, host, { ways, byName, networks });
}

interface Around {
  ways: Ways;
  byName: ReadonlyMap<string, PlannedHost>;
  networks: readonly PlannedNetwork[];
}

/** A router has a route to each network; another host none that its default would do for as well. */
function routesOf(planned: PlannedHost, host: Host, around: Around): PlannedRoute[] {
  const { ways, networks } = around;
  const own = networksOf(host);
  const far = networks.filter(({ name }) => !own.includes(name));
  const fallback = defaultOf(planned, host, around);
  const routes = far.flatMap(({ name, subnet }): PlannedRoute[] => {
    const step = ways.first(host.name, name);
    return step ? [{ to: subnet, ...hopOf(planned, step, around) }] : [];
  });
  const needed = host.forward ? routes : routes.filter(({ via }) => via !== fallback?.via);
  return [...needed, ...(fallback ? [fallback] : [])];
}

/** By what is written, out of the lab where that is open, or by the only router there is. */
function defaultOf(planned: PlannedHost, host: Host, around: Around): PlannedRoute | undefined {
  const { ways } = around;
  const step = ways.fallback(host.name);
  if (!host.gateway) {
    const out = wayOut(planned, host, around);
    if (out) return { to: 'default', ...out };
  }
  return step && { to: 'default', ...hopOf(planned, step, around) };
}

/** To the engine's address on a network of its own that leads out, else towards the nearest such network. */
function wayOut(planned: PlannedHost, host: Host, around: Around): Hop | undefined {
  const { ways, networks } = around;
  const open = networks.filter(({ internet }) => internet);
  const card = planned.interfaces.find(({ internet }) => internet);
  if (card) {
    const { engineAddress } = open.find(({ name }) => name === card.network)!;
    return { via: engineAddress, interface: card.name };
  }
  const counted = open.map(({ name }) => ({ name, routers: ways.routers(host.name, name) }));
  const reached = counted.filter(({ routers }) => routers !== undefined);
  const [nearest] = reached.toSorted((one, other) => one.routers! - other.routers!);
  const step = nearest && ways.first(host.name, nearest.name);
  return step && hopOf(planned, step, around);
}

type Hop = Omit<PlannedRoute, 'to'>;

function hopOf(planned: PlannedHost, { on, router, address }: Step, { byName }: Around): Hop {
  if (router === undefined) return { via: address!, interface: cardTowards(planned, address!) };
  const card = planned.interfaces.find(({ network }) => network === on)!;
  const theirs = byName.get(router)!.interfaces.find(({ network }) => network === on)!;
  return { via: address ?? theirs.address, interface: card.name };
}

/** The card on whose network an address lies that no host of the scenario was given. */
function cardTowards({ interfaces }: PlannedHost, address: string): string {
  const number = parseAddress(address)!;
  const card = interfaces.find((one) => contains(subnetFrom(`${one.address}/${one.prefix}`), number));
  return (card ?? interfaces[0]!).name;
}
