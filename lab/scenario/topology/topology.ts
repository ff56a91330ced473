/** The networks that each host is on, and the ways between them. */
import { printSubnet } from '../../model/address.ts';
import { AUTO } from '../../model/auto-subnets.ts';
import { familiesOf, findAllWays } from '../../model/families.ts';
import { movedHosts } from '../../model/moved.ts';
import { checkFirewall } from '../hosts/firewall.ts';
import { readHosts } from '../hosts/hosts.ts';
import { checkNat } from '../hosts/nat.ts';
import type { ReadNetwork } from '../networks/read-network.ts';
import type { Page } from '../text/page.ts';
import type { Entry } from '../text/tree.ts';
import type { KnownNetwork, Moving } from '../vocabulary.ts';
import { checkMtus } from './card-mtus.ts';
import { checkWays } from './gateways.ts';
import type { Around } from './no-way.ts';
import { checkAddresses } from './own-addresses.ts';
import { checkMacs } from './own-macs.ts';
import { checkRelays } from './relays.ts';
import { checkServers } from './servers.ts';

export type Topology = Around;

const NOTHING = new Map();
export const NO_TOPOLOGY: Topology = {
  hosts: NOTHING,
  families: NOTHING,
  ways: findAllWays([], NOTHING),
  known: [],
};

/** Reads `hosts:`; problems with hosts, alone or together, are noted on the page. */
export function readTopology(
  page: Page,
  hostsAt: Entry,
  networks: ReadonlyMap<string, ReadNetwork>,
): Topology {
  const found = readHosts(page, hostsAt, networks);
  checkAddresses(page, networks, found.values());
  checkMacs(page, found.values());
  checkMtus(page, networks, found.values());
  checkServers(page, networks, found);
  const known = [...networks.values()].map(knownNetwork);
  const families = familiesOf(known);
  const ways = checkWays(page, found, networks, families);
  const hosts = new Map([...found].map(([key, { host }]) => [key, host]));
  checkRelays(page, networks, found, { hosts, families, ways, known });
  for (const read of found.values()) {
    checkNat(page, read, { hosts, families, ways, known, networks });
    checkFirewall(page, read, hosts, new Set(networks.keys()));
  }
  return { hosts, families, ways, known };
}

function knownNetwork({ name, subnets, auto, mtu, servers }: ReadNetwork): KnownNetwork {
  const dhcp = servers.find(({ duty }) => duty === 'dhcp')?.dhcp?.terms;
  const dns = servers.find(({ duty }) => duty === 'dns')?.host;
  return {
    name,
    subnets: auto ? [AUTO] : subnets.map(printSubnet),
    ...(mtu !== undefined && { mtu }),
    ...(dhcp && { dhcp }),
    ...(dns !== undefined && { dns }),
  };
}

/** The topology while cards are on other networks. */
export function movedTopology(topology: Topology, moves: readonly Moving[]): Topology {
  if (moves.length === 0) return topology;
  const hosts = movedHosts(topology.hosts.values(), moves);
  const { families, known } = topology;
  return { hosts, families, ways: findAllWays([...hosts.values()], families), known };
}
