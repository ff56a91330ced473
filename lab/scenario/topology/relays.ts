/** Relays of DHCP: each is on its network, and it and its server have a way to each other. */

import { networksOf } from '../../model/ways.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { ReadHost } from '../hosts/read-host.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import { type Page, type Place, refuse } from '../text/page.ts';
import { placeOf } from '../text/tree.ts';
import { type Around, noWay } from './no-way.ts';
import { wrongWith } from './servers.ts';

/** Mistakes are noted on the page. */
export function checkRelays(
  page: Page,
  networks: ReadonlyMap<string, ReadNetwork>,
  hosts: ReadonlyMap<string, ReadHost>,
  around: Around,
): void {
  for (const network of networks.values())
    for (const { host, at, dhcp } of network.servers) {
      const relay = dhcp?.terms.relay;
      if (!dhcp || relay === undefined) continue;
      const there = placeOf(dhcp.value, ['relay'], dhcp.key);
      const places: [Place, Dangling | undefined][] = [
        [there, wrongWith({ duty: 'dhcp', host: relay }, network, hosts)],
        [at, wrongServer(host, network, hosts)],
      ];
      const wrong = places.filter(([, found]) => found);
      for (const [place, found] of wrong) refuse(page, place, found!.message, found);
      const between = wrong.length === 0 && wrongBetween(relay, host, network.name, around);
      if (between) refuse(page, there, between.message, between);
    }
}

/** The server that the relay asks. */
function wrongServer(
  name: string,
  network: ReadNetwork,
  hosts: ReadonlyMap<string, ReadHost>,
): Dangling | undefined {
  const server = hosts.get(name);
  if (!server) {
    const meant = nearest(name, hosts.keys());
    return {
      message: `no host \`${name}\``,
      hint: meant && `did you mean \`${meant}\`?`,
      allowed: [...hosts.keys()],
    };
  }
  if (server.attachments.some((one) => one.network === network.name)) {
    const hint = 'leave `relay` out';
    return { message: `\`${name}\` is on \`${network.name}\` itself, and needs no relay there`, hint };
  }
  if (!server.host.networks.some(({ leased }) => leased)) return undefined;
  return {
    message: `\`${name}\` is asked by a relay, and would have to ask for an address itself`,
    hint: `write its addresses at \`${name}\``,
  };
}

function wrongBetween(relay: string, server: string, network: string, around: Around): Dangling | undefined {
  const [one, other] = [around.hosts.get(relay)!, around.hosts.get(server)!];
  const gone = noWay(one, other, networksOf(other), around, 'ipv4');
  if (gone) return gone;
  return noWay(other, one, [network], around, 'ipv4');
}
