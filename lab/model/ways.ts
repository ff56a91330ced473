/**
 * The ways that packets take through a lab: the first router on the way from every host to every network. They are
 * worked out from the networks of each host, and from the hosts that forward. Pure, and about names alone, so that the
 * loader can tell what is unreachable before any address is handed out.
 */
import { parseAddress } from './address.ts';
import type { Host } from './types.ts';

/** Somebody to hand packets to: a neighbour on a network that the host is on too. */
export interface Step {
  /** The network of the host on which the neighbour is. */
  on: string;
  /** The neighbour; absent where no host of the lab has the address. */
  router?: string;
  /** The address, where the scenario wrote one. */
  address?: string;
  /** A static route leads to it, so the planner makes none. */
  written?: true;
}

/** The networks to which a host's static routes lead. `whole`: a route leads to all of the network, not to a part. */
export type Towards = ReadonlyMap<string, { via: string; whole: boolean }>;

/** A host with its networks, gateways and routes of one family. */
export type RoutedHost = Host & { towards?: Towards };

/** Routers at the same distance, where the host's `gateway` prefers none of them. */
export interface Tie {
  host: string;
  /** Networks to which the routers lead. */
  to: string[];
  routers: Step[];
}

export interface Ways {
  /** The next hop for packets to a network that the host is not on; undefined where there is none. */
  first(host: string, network: string): Step | undefined;
  /** The next hop for packets to addresses outside all networks of the lab. */
  fallback(host: string): Step | undefined;
  /** Routers on the way: 0 on the host's own networks; undefined where no way leads there. */
  routers(host: string, network: string): number | undefined;
  ties: Tie[];
}

type Hosts = ReadonlyMap<string, RoutedHost>;

/**
 * A router takes the shortest way (fewest routers). So does another host, unless it has a `gateway`: then all packets for
 * other networks go there. A static route wins over both. Among routers at the same distance the one that `gateway` names
 * first is taken.
 */
export function findWays(written: readonly RoutedHost[]): Ways {
  const hosts: Hosts = new Map(written.map((host) => [host.name, host]));
  const networks = [...new Set(written.flatMap(networksOf))];
  const distances = new Map(networks.map((network) => [network, distancesTo(network, written, hosts)]));
  const neighbours = new Map(written.map((host) => [host.name, neighboursOf(host, written)]));
  const choose = (host: RoutedHost, network: string): Choice => {
    const step = writtenStep(host, network, hosts);
    if (step && host.towards!.get(network)!.whole) return { step, rivals: [] };
    const near = nearestOf(host, distances.get(network)!, neighbours.get(host.name)!);
    const found = preferred(host, near, hosts);
    return step && !found.step ? { step, rivals: [] } : found;
  };
  const chosen = new Map(
    written.map((host) => [host.name, choices(host, networks, (network) => choose(host, network))]),
  );
  const first = (host: string, network: string) => chosen.get(host)?.get(network)?.step;
  return {
    first,
    fallback: (name) => fallbackOf(hosts.get(name)!, neighbours.get(name)!, hosts),
    routers: (host, network) => routersTo(hosts, first, host, network),
    ties: written.flatMap((host) => tiesOf(host, chosen.get(host.name)!)),
  };
}

interface Choice {
  step?: Step;
  /** Other next hops that are as good. */
  rivals: Step[];
}

function writtenStep(host: RoutedHost, network: string, hosts: Hosts): Step | undefined {
  const written = host.towards?.get(network);
  const step = written && gatewayOf(host, written.via, hosts);
  return step && { ...step, written: true };
}

export function networksOf({ networks }: Host): string[] {
  return networks.map(({ network }) => network);
}

/** Routers other than the host itself, each by the first network that both are on. */
function neighboursOf(host: Host, all: readonly Host[]): Step[] {
  return all.flatMap((other) => {
    const on = networksOf(host).find((network) => networksOf(other).includes(network));
    return other.forward && other.name !== host.name && on !== undefined ? [{ on, router: other.name }] : [];
  });
}

/** The number of routers after each router on the way to a network. One whose gateway is `none` hands nothing on. */
function distancesTo(network: string, all: readonly RoutedHost[], hosts: Hosts): Map<string, number> {
  const routers = all.filter(({ forward }) => forward);
  const byNetwork = new Map<string, RoutedHost[]>();
  for (const router of routers)
    for (const one of networksOf(router)) byNetwork.set(one, [...(byNetwork.get(one) ?? []), router]);
  const distances = new Map<string, number>();
  let edge = byNetwork.get(network) ?? [];
  for (const { name } of edge) distances.set(name, 0);
  for (let distance = 1; edge.length > 0; distance++) {
    const reached = new Set(edge.flatMap(networksOf));
    const nearer = new Set(edge.map(({ name }) => name));
    edge = [...reached]
      .flatMap((one) => byNetwork.get(one) ?? [])
      .filter((router) => !distances.has(router.name) && handsOn(router, network, nearer, hosts));
    for (const { name } of edge) distances.set(name, distance);
  }
  return distances;
}

/** Whether the router hands packets for the network to one of these: a static route to the whole network decides alone. */
function handsOn(router: RoutedHost, network: string, to: ReadonlySet<string>, hosts: Hosts): boolean {
  const next = writtenStep(router, network, hosts)?.router;
  const written = next !== undefined && to.has(next);
  return router.towards?.get(network)?.whole ? written : written || router.gateway?.length !== 0;
}

function choices(
  host: Host,
  networks: readonly string[],
  choose: (network: string) => Choice,
): Map<string, Choice> {
  const own = networksOf(host);
  const far = networks.filter((network) => !own.includes(network));
  return new Map(far.map((network) => [network, choose(network)]));
}

/** The neighbours to choose from: the nearest to the network; for a host with a `gateway` all that lead there. */
function nearestOf(host: Host, distances: ReadonlyMap<string, number>, neighbours: readonly Step[]): Step[] {
  const { gateway, forward } = host;
  if (gateway?.length === 0) return [];
  const leading = neighbours.filter(({ router }) => distances.has(router!));
  if (gateway && !forward) return leading;
  const least = Math.min(...leading.map(({ router }) => distances.get(router!)!));
  return leading.filter(({ router }) => distances.get(router!) === least);
}

function preferred(host: Host, near: readonly Step[], hosts: Hosts): Choice {
  const { gateway, forward } = host;
  for (const written of gateway ?? []) {
    const step = gatewayOf(host, written, hosts);
    if (step && near.some(({ router }) => router === step.router)) return { step, rivals: [] };
  }
  if (gateway && !forward) return { rivals: [] };
  const [step, ...rivals] = near;
  return { ...(step && { step }), rivals };
}

/** The next hop that a word of `gateway` means: a host on one of our networks, or an address there. */
export function gatewayOf(host: Host, written: string, hosts: Hosts): Step | undefined {
  const own = networksOf(host);
  if (parseAddress(written) === undefined) {
    const on = own.find((network) => hosts.get(written)?.networks.some((one) => one.network === network));
    return on === undefined ? undefined : { on, router: written };
  }
  for (const { name, networks } of hosts.values()) {
    const there = networks.find(
      ({ addresses, network }) => addresses.includes(written) && own.includes(network),
    );
    if (there) return { on: there.network, router: name, address: written };
  }
  // No host has the address. The planner finds out on which network it is: here only names are known.
  return { on: own[0] ?? '', address: written };
}

/** A host with one router as its neighbour sends it packets for unknown addresses; with several it chooses none. */
function fallbackOf(host: Host, neighbours: readonly Step[], hosts: Hosts): Step | undefined {
  const { gateway, forward } = host;
  if (gateway) return gateway[0] === undefined ? undefined : gatewayOf(host, gateway[0], hosts);
  return !forward && neighbours.length === 1 ? neighbours[0] : undefined;
}

/** Follows the way from router to router, as packets do. */
function routersTo(hosts: Hosts, first: Ways['first'], host: string, network: string): number | undefined {
  let at = hosts.get(host);
  for (let count = 0; at && count <= hosts.size; count++) {
    if (networksOf(at).includes(network)) return count;
    const next = first(at.name, network)?.router;
    at = next === undefined ? undefined : hosts.get(next);
  }
  return undefined;
}

/** A host's ties. Ties between the same routers are one. */
function tiesOf({ name }: Host, chosen: ReadonlyMap<string, Choice>): Tie[] {
  const tied = [...chosen].filter(([, { rivals }]) => rivals.length > 0);
  const alike = Map.groupBy(tied, ([, { step, rivals }]) =>
    [step!, ...rivals].map(({ router }) => router).join(' '),
  );
  return [...alike.values()].map((same) => {
    const { step, rivals } = same[0]![1];
    return { host: name, to: same.map(([network]) => network), routers: [step!, ...rivals] };
  });
}
