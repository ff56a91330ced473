/** Static routes: each leads beyond the host's own networks, once, by a next hop that is near and of its family. */
import { familyOf, parseAddress, printFamily, printSubnet } from '../../model/address.ts';
import type { Host } from '../../model/types.ts';
import { networksOf } from '../../model/ways.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import type { ReadHost, ReadRoute } from '../hosts/read-host.ts';
import { DEFAULT } from '../hosts/routes.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { wrongNextHop } from './next-hop.ts';

type Hosts = ReadonlyMap<string, Host>;
type Networks = ReadonlyMap<string, ReadNetwork>;

/** Problems with the routes of one host are noted on the page. */
export function checkRoutes(page: Page, read: ReadHost, hosts: Hosts, networks: Networks): void {
  const { host, routes, keys } = read;
  const gateway = keys.find(({ key }) => key === 'gateway');
  for (const [index, route] of routes.entries()) {
    const again = routes.slice(0, index).find(({ to }) => to === route.to);
    if (again) {
      const message = `\`${host.name}\` has a route to ${route.to} already, by ${again.via}`;
      refuse(page, route.at, message, { hint: 'leave one of them out' });
    }
    if (route.to === DEFAULT && gateway) {
      const message = `\`${host.name}\` has \`gateway\`, which is the route to \`${DEFAULT}\``;
      refuse(page, route.at, message, { hint: 'leave one of them out' });
    }
    const own = ownNetwork(route, host, networks);
    if (own) refuse(page, route.at, own.message, own);
    const found = wrongNextHop(route.via, host, hosts, networks) ?? otherFamily(route, host, hosts, networks);
    if (found) refuse(page, route.viaAt, found.message, found);
  }
}

/** The kernel has that route already, and takes no second one. */
function ownNetwork({ to }: ReadRoute, host: Host, networks: Networks): Dangling | undefined {
  const own = networksOf(host).find((network) =>
    networks.get(network)?.subnets.some((subnet) => printSubnet(subnet) === to),
  );
  if (own === undefined) return undefined;
  const message = `${to} is \`${own}\`, and \`${host.name}\` is on it: no router leads there`;
  return { message, hint: 'a route is to another network, or to a part of this one' };
}

/** A next hop must be of the family of its route. */
function otherFamily(
  { to, via }: ReadRoute,
  host: Host,
  hosts: Hosts,
  networks: Networks,
): Dangling | undefined {
  if (to === DEFAULT) return undefined;
  const family = familyOf(to);
  const address = parseAddress(via);
  if (address && address.family !== family) {
    const message = `${via} is an address of ${printFamily(address.family)}, and ${to} is ${printFamily(family)}`;
    return { message, hint: 'write an address of the same family, or the name of a router' };
  }
  const shared = networksOf(host).filter((one) => hosts.get(via)?.networks.some((it) => it.network === one));
  const has = (network: string) => {
    const found = networks.get(network);
    return !found || found.auto ? family === 'ipv4' : found.subnets.some((one) => one.family === family);
  };
  // Problems with the networks themselves are reported already.
  if (address || shared.length === 0 || shared.some(has)) return undefined;
  const message = `\`${host.name}\` and \`${via}\` share no network of ${printFamily(family)}, and ${to} is one`;
  return { message, hint: `give \`${shared[0]}\` a subnet of that family` };
}
