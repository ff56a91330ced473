/** Hosts that serve a network, `dhcp` and `dns`: each is on it, and none depends on what it hands out itself. */
import { familyOf, hostRange, isPointToPoint, printAddress } from '../../model/address.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { ReadHost } from '../hosts/read-host.ts';
import type { Duty, ReadNetwork } from '../networks/read-network.ts';
import { type Page, refuse } from '../text/page.ts';

/** Notes problems on the page, and notes at the hosts' networks who gets its address by DHCP there. */
export function checkServers(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: ReadonlyMap<string, ReadHost>,
): void {
  for (const network of networks.values()) {
    for (const { duty, host, at } of network.servers) {
      const found = wrongWith(duty, host, network, hosts);
      if (found) refuse(page, at, found.message, found);
    }
    if (network.servers.some(({ duty }) => duty === 'dhcp')) markLeased(network, hosts);
  }
}

function markLeased({ name, servers }: ReadNetwork, hosts: ReadonlyMap<string, ReadHost>): void {
  for (const { host } of hosts.values()) {
    const there = host.networks.find(({ network }) => network === name);
    const serves = servers.some((server) => server.host === host.name);
    const written = there?.addresses.some((address) => familyOf(address) === 'ipv4');
    if (there && !written && !serves) there.leased = true;
  }
}

function wrongWith(
  duty: Duty,
  written: string,
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
