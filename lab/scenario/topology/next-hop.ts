/** The next hop of a gateway or of a static route: a router on one of the host's networks, or an address there. */
import { contains, engineAddress, isPointToPoint, parseAddress, printSubnet } from '../../model/address.ts';
import type { Host } from '../../model/types.ts';
import { networksOf } from '../../model/ways.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { ReadNetwork } from '../networks/read-network.ts';

/** Undefined where packets can be handed to it. The hint also offers `instead`. */
export function wrongNextHop(
  written: string,
  host: Host,
  hosts: ReadonlyMap<string, Host>,
  networks: ReadonlyMap<string, ReadNetwork>,
  instead = '',
): Dangling | undefined {
  if (parseAddress(written) !== undefined) return wrongAddress(written, host, networks);
  const routers = near(host, hosts).filter(({ forward }) => forward);
  const allowed = routers.map(({ name }) => name);
  const router = hosts.get(written);
  if (!router) {
    const meant = nearest(written, allowed) ?? nearest(written, hosts.keys());
    const hint = meant ? `did you mean \`${meant}\`?` : `name a host that forwards${instead}`;
    return { message: `no host \`${written}\``, hint, allowed };
  }
  if (router === host) return { message: `\`${written}\` is the host itself`, allowed };
  // Problems with the networks themselves are reported already.
  if (host.networks.length === 0 || router.networks.length === 0) return undefined;
  if (!near(host, hosts).includes(router)) {
    const hint = 'a gateway is a router on a network of the host itself';
    return { message: `\`${host.name}\` and \`${written}\` share no network`, hint, allowed };
  }
  if (router.forward) return undefined;
  return { message: `\`${written}\` forwards nothing`, hint: 'write `forward: true` at it' };
}

/** Hosts that share a network with the host. */
function near(host: Host, hosts: ReadonlyMap<string, Host>): Host[] {
  const own = networksOf(host);
  return [...hosts.values()].filter(
    (other) => other !== host && networksOf(other).some((network) => own.includes(network)),
  );
}

/** The address may belong to nobody: the effect of that can be shown too. */
function wrongAddress(
  written: string,
  host: Host,
  networks: ReadonlyMap<string, ReadNetwork>,
): Dangling | undefined {
  const address = parseAddress(written)!;
  if (host.networks.some(({ addresses }) => addresses.includes(written)))
    return { message: `${written} is the host's own address` };
  const own = host.networks.flatMap(({ network }) => networks.get(network)?.subnets ?? []);
  const on = own.find((subnet) => contains(subnet, address));
  if (!on && host.networks.some(({ network }) => networks.get(network)?.subnets.length === 0)) {
    return { message: `${written} may belong to any host: a network is \`auto\``, hint: 'name the router' };
  }
  if (!on) {
    return { message: `${written} is on no network of \`${host.name}\``, allowed: own.map(printSubnet) };
  }
  const { number } = address;
  const broadcast = on.family === 'ipv4' && number === on.last;
  if (!isPointToPoint(on) && (number === on.first || broadcast))
    return { message: `no host has the address ${written}` };
  if (number !== engineAddress(on)?.number) return undefined;
  return {
    message: `${written} is the address of the engine, which does not forward packets of the lab`,
    hint: 'name a router; for a way out of the lab write `internet: true` at a network',
  };
}
