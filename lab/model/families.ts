/** A lab as each family sees it: IPv4 and IPv6 go their own ways, by the routers that have them on both sides. */
import { FAMILIES, type Family, familyOf, parseAddress } from './address.ts';
import type { Host, Network } from './types.ts';
import { findWays, networksOf, type Ways } from './ways.ts';

/** The families of each network, in its order. */
export type Families = ReadonlyMap<string, readonly Family[]>;

export type WaysByFamily = Readonly<Record<Family, Ways>>;

/** A network written `auto` counts as IPv4, and so does one whose subnets could not be read. */
export function familiesOf(networks: Iterable<Pick<Network, 'name' | 'subnets'>>): Families {
  return new Map(
    [...networks].map(({ name, subnets }) => [name, subnets.length > 0 ? subnets.map(familyOf) : ['ipv4']]),
  );
}

/**
 * The hosts with the networks and gateways of one family alone. A gateway written as an address is of the family of this
 * address. One written as a name is of each family in which both hosts are on a network. An empty rest is left out.
 */
export function hostsOf(family: Family, hosts: readonly Host[], families: Families): Host[] {
  const on = new Map(hosts.map((host) => [host.name, networksIn(family, networksOf(host), families)]));
  return hosts.map(({ gateway, networks, ...host }) => {
    const own = on.get(host.name)!;
    const words = (gateway ?? []).filter((word) => {
      const address = parseAddress(word);
      return address ? address.family === family : on.get(word)?.some((network) => own.includes(network));
    });
    const said = gateway?.length === 0 || words.length > 0;
    return {
      ...host,
      networks: networks.filter(({ network }) => own.includes(network)),
      ...(said && { gateway: words }),
    };
  });
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
  return networks.filter((network) => families.get(network)?.includes(family));
}
