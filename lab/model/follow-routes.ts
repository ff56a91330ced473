/** Follows the routes of a plan from host to host, as packets do. Pure. */
import { type Address, contains, familyOf, parseAddress, subnetFrom } from './address.ts';
import type { PlannedHost, PlannedInterface, PlannedRoute } from './planned.ts';

/** The host that has each address. */
export type Owners = ReadonlyMap<string, PlannedHost>;

export function ownersOf(hosts: readonly PlannedHost[]): Owners {
  return new Map(
    hosts.flatMap((host) =>
      host.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => [address, host] as const)),
    ),
  );
}

/** More than any TTL allows. */
const MOST_HOPS = 255;

/**
 * The routers between a host and the network of an address, in order: none on a network of its own. The last router
 * may itself have the address, on another of its cards. Undefined where the way ends before.
 */
export function walk(from: PlannedHost, address: string, owners: Owners): PlannedHost[] | undefined {
  const routers: PlannedHost[] = [];
  const target = parseAddress(address)!;
  for (let at = from; routers.length < MOST_HOPS; ) {
    if (
      at.interfaces.some((card) => has(card, address) || (isOn(card, target) && !isLedOff(at, card, target)))
    )
      return owners.has(address) ? routers : undefined;
    const route = routeTo(at.routes, target);
    const next = route && owners.get(route.via);
    if (!next?.forward) return undefined;
    routers.push(next);
    at = next;
  }
  return undefined;
}

function has({ addresses }: PlannedInterface, address: string): boolean {
  return addresses.some((one) => one.address === address);
}

function isOn({ addresses }: PlannedInterface, target: Address): boolean {
  return addresses.some(({ address, prefix }) => contains(subnetFrom(`${address}/${prefix}`), target));
}

/** A static route leads to a part of the card's own network by a router. */
function isLedOff({ routes }: PlannedHost, { addresses }: PlannedInterface, target: Address): boolean {
  const route = routeTo(routes, target);
  if (!route || route.to === 'default') return false;
  const own = addresses.find(({ family }) => family === target.family);
  return own !== undefined && subnetFrom(route.to).prefix > own.prefix;
}

/** The routes stand with the longest prefix first. Where none is for the address, the default of its family counts. */
function routeTo(routes: readonly PlannedRoute[], target: Address): PlannedRoute | undefined {
  return (
    routes.find(({ to }) => to !== 'default' && contains(subnetFrom(to), target)) ??
    routes.find(({ to, via }) => to === 'default' && familyOf(via) === target.family)
  );
}
