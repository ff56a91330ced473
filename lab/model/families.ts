/** A lab as each family sees it: IPv4 and IPv6 go their own ways, by the routers that have them on both sides. */
import {
  FAMILIES,
  type Family,
  familyOf,
  overlap,
  parseAddress,
  type Subnet,
  subnetFrom,
} from './address.ts';
import { AUTO } from './auto-subnets.ts';
import type { Host, Network, StaticRoute } from './types.ts';
import { findWays, networksOf, type RoutedHost, type Towards, type Ways } from './ways.ts';

/** The families of each network, in its order, each with the subnet where that is known already. */
export type Families = ReadonlyMap<string, readonly { family: Family; subnet?: Subnet }[]>;

export type WaysByFamily = Readonly<Record<Family, Ways>>;

const ANY_IPV4 = { family: 'ipv4' } as const;

/** A network written `auto` counts as IPv4, and so does one whose subnets could not be read. */
export function familiesOf(networks: Iterable<Pick<Network, 'name' | 'subnets'>>): Families {
  return new Map(
    [...networks].map(({ name, subnets }) => {
      const known = subnets.map((subnet) =>
        subnet === AUTO ? ANY_IPV4 : { family: familyOf(subnet), subnet: subnetFrom(subnet) },
      );
      return [name, known.length > 0 ? known : [ANY_IPV4]];
    }),
  );
}

/**
 * The hosts with the networks, gateways and routes of one family alone. A gateway written as an address is of the family
 * of this address. One written as a name is of each family in which both hosts are on a network. An empty rest is left out.
 */
export function hostsOf(family: Family, hosts: readonly Host[], families: Families): RoutedHost[] {
  const on = new Map(hosts.map((host) => [host.name, networksIn(family, networksOf(host), families)]));
  return hosts.map(({ gateway, networks, routes, ...host }) => {
    const own = on.get(host.name)!;
    const words = (gateway ?? []).filter((word) => {
      const address = parseAddress(word);
      return address ? address.family === family : on.get(word)?.some((network) => own.includes(network));
    });
    const said = gateway?.length === 0 || words.length > 0;
    const ours = routes?.filter(({ to }) => familyOf(to) === family) ?? [];
    return {
      ...host,
      networks: networks.filter(({ network }) => own.includes(network)),
      ...(said && { gateway: words }),
      ...(ours.length > 0 && { routes: ours, towards: towardsOf(ours, family, families) }),
    };
  });
}

/** Finds the static route to each network: the one with the longest prefix around it, else one to a part of it. */
function towardsOf(routes: readonly StaticRoute[], family: Family, families: Families): Towards {
  const towards = new Map<string, { via: string; whole: boolean }>();
  for (const [network, sides] of families) {
    const subnet = sides.find((one) => one.family === family)?.subnet;
    const met = subnet ? routes.filter(({ to }) => overlap(subnetFrom(to), subnet)) : [];
    const around = met.find(({ to }) => subnetFrom(to).prefix <= subnet!.prefix);
    const found = around ?? met[0];
    if (found) towards.set(network, { via: found.via, whole: around !== undefined });
  }
  return towards;
}

export function findAllWays(hosts: readonly Host[], families: Families): WaysByFamily {
  const find = (family: Family) => findWays(hostsOf(family, hosts, families));
  return { ipv4: find('ipv4'), ipv6: find('ipv6') };
}

/** The families of the host's networks. */
export function familiesAt(host: Host, families: Families): Family[] {
  return FAMILIES.filter((family) => networksIn(family, networksOf(host), families).length > 0);
}

export function networksIn(family: Family, networks: readonly string[], families: Families): string[] {
  return networks.filter((network) => hasFamily(family, families.get(network)));
}

function hasFamily(family: Family, sides: readonly { family: Family }[] = []): boolean {
  return sides.some((one) => one.family === family);
}
