/** Who is on which network, and the ways between them. */
import { checkAddresses } from './attachments.ts';
import { checkFirewall } from './firewall.ts';
import { checkWays } from './gateways.ts';
import { readHosts } from './hosts.ts';
import { checkNat } from './nat.ts';
import type { ReadNetwork } from './networks.ts';
import type { Page } from './page.ts';
import { checkServers } from './servers.ts';
import type { Entry } from './tree.ts';
import type { Host } from './types.ts';
import { findWays, type Ways } from './ways.ts';

export interface Topology {
  hosts: ReadonlyMap<string, Host>;
  ways: Ways;
}

export const NO_TOPOLOGY: Topology = { hosts: new Map(), ways: findWays([]) };

/** Reads `hosts:`; what is wrong with them, alone or together, is noted on the page. */
export function readTopology(
  page: Page,
  hostsAt: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Topology {
  const found = readHosts(page, hostsAt, networks);
  checkAddresses(page, networks, found.values());
  checkServers(page, networks, found);
  const ways = checkWays(page, found, networks);
  const hosts = new Map([...found].map(([key, { host }]) => [key, host]));
  for (const read of found.values()) {
    checkNat(page, read, { hosts, ways });
    checkFirewall(page, read, hosts);
  }
  return { hosts, ways };
}
