/** Hosts that serve a network, `dhcp` and `dns`: each is on it, and none depends on what it hands out itself. */
import { familyOf, hostRange, isPointToPoint, printAddress } from '../../model/address.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { ReadHost } from '../hosts/read-host.ts';
import type { ReadNetwork, Server } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';
import { checkRange } from './dhcp-range.ts';

/** Notes problems on the page, and notes at the hosts' networks who gets its address by DHCP there. */
export function checkServers(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: ReadonlyMap<string, ReadHost>,
): void {
  for (const network of networks.values()) {
    for (const server of network.servers) {
      // The server behind a relay is on another network.
      const found = server.dhcp?.terms.relay === undefined && wrongWith(server, network, hosts);
      if (found) refuse(page, server.at, found.message, found);
    }
    checkAsking(page, network, hosts);
    if (network.servers.some(({ duty }) => duty === 'dhcp')) markLeased(network, hosts);
    checkRange(page, network, hosts);
  }
}

/** Marks the hosts that ask for their address: all without a written one, and those that say so, but no server and no relay. */
function markLeased({ name, servers }: ReadNetwork, hosts: ReadonlyMap<string, ReadHost>): void {
  for (const { host, attachments } of hosts.values()) {
    const there = host.networks.find(({ network }) => network === name);
    const asks = attachments.some((one) => one.network === name && one.asks);
    const serves = servers.some((one) => one.host === host.name || one.dhcp?.terms.relay === host.name);
    const written = there?.addresses.some((address) => familyOf(address) === 'ipv4');
    if (there && (asks || !written) && !serves) there.leased = true;
  }
}

/** A reservation needs a server on the network, and a written address. */
function checkAsking(page: Page, { name, servers }: ReadNetwork, hosts: ReadonlyMap<string, ReadHost>): void {
  const dhcp = servers.find(({ duty }) => duty === 'dhcp');
  for (const { host, attachments } of hosts.values())
    for (const { network, asks, addresses } of attachments) {
      if (network !== name || !asks) continue;
      if (!dhcp)
        refuse(page, asks, `nobody hands out addresses on \`${name}\``, {
          hint: `write \`dhcp\` at \`${name}\``,
        });
      else if (dhcp.host === host.name || dhcp.dhcp?.terms.relay === host.name)
        refuse(page, asks, `\`${host.name}\` serves \`${name}\`, and does not ask there`, {
          hint: 'leave `dhcp` out here',
        });
      else if (!addresses.some(({ address }) => address.family === 'ipv4'))
        refuse(page, asks, 'no address is written that could be reserved', {
          hint: 'leave `dhcp` out, or write `address`',
        });
    }
}

/** A mistake in the host that serves a network, or relays there. */
export function wrongWith(
  { duty, host: written }: Pick<Server, 'duty' | 'host'>,
  network: ReadNetwork,
  hosts: ReadonlyMap<string, ReadHost>,
): Dangling | undefined {
  const { name, auto, servers, subnets } = network;
  const subnet = subnets.find(({ family }) => family === 'ipv4');
  const on = [...hosts.values()].filter(({ attachments }) => attachments.some((one) => one.network === name));
  const allowed = on.map(({ host }) => host.name);
  const server = hosts.get(written);
  if (!server) {
    const meant = nearest(written, allowed) ?? nearest(written, hosts.keys());
    const hint = meant ? `did you mean \`${meant}\`?` : `name a host on \`${name}\``;
    return { message: `no host \`${written}\``, hint, allowed };
  }
  // Problems with the host's networks are reported already.
  if (server.attachments.length === 0) return undefined;
  const there = server.attachments.find((one) => one.network === name);
  if (!there) {
    const hint = `give it an address there, or name a host on \`${name}\``;
    return { message: `\`${written}\` is not on \`${name}\``, hint, allowed };
  }
  if (auto && duty === 'dhcp') {
    const hint = `give \`${name}\` a subnet, and \`${written}\` an address on it`;
    return { message: `\`${name}\` is \`auto\`: nobody can write the server's address`, hint };
  }
  if (!auto && !subnet && subnets.length > 0 && duty === 'dhcp') {
    const hint = `give \`${name}\` a subnet of IPv4 as well, or leave \`dhcp\` out`;
    return { message: `\`dhcp\` hands out addresses of IPv4, and \`${name}\` has none`, hint };
  }
  if (duty === 'dhcp' && subnet && isPointToPoint(subnet)) {
    const hint = `write the two addresses at its hosts, and leave \`dhcp\` out`;
    return { message: `\`${name}\` is a /31: \`dhcp\` has nothing to hand out there`, hint };
  }
  const given = there.addresses.some(({ address }) => address.family === 'ipv4');
  if (auto || !subnet || given || !servers.some((one) => one.duty === 'dhcp')) return undefined;
  const example = printAddress(hostRange(subnet).lowest);
  const hint = `write it at \`${written}\`: \`networks: { ${name}: ${example} }\``;
  return {
    message: `\`${written}\` serves \`${name}\` and would have to ask there for its own address`,
    hint,
  };
}
