/** Works out DHCP and DNS: the addresses and names of each server, and the options that each host is to learn. Pure. */
import { FAMILIES, type Family, familyOf, printSubnet, subnetFrom } from '../model/address.ts';
import { type Owners, walk } from '../model/follow-routes.ts';
import {
  addressOf,
  type PlannedAddress,
  type PlannedHost,
  type PlannedInterface,
  type PlannedLease,
  type PlannedPool,
  type PlannedReservation,
  type PlannedServing,
} from '../model/planned.ts';
import type { Dhcp, Network } from '../model/types.ts';
import { nearestAddress } from './resolve.ts';

/** Seconds: an hour, as a small network has it; the first renewal comes at half of it (RFC 2131 section 4.4.5). */
const LEASE = 3600;

/** Fills in the servers and their clients. Before, every card that is leased has a `leased` with nothing in it. */
export function fillServing(
  hosts: readonly PlannedHost[],
  networks: readonly Network[],
  owners: Owners,
): void {
  for (const network of networks) {
    const members = hosts.flatMap((host) => {
      const card = host.interfaces.find((one) => one.network === network.name);
      return card ? [{ host, card }] : [];
    });
    const memberOf = (name: string | undefined) => members.find(({ host }) => host.name === name);
    const dns = memberOf(network.dns);
    const resolver = dns && { address: servedBy(dns.card).address, domain: network.name };
    if (resolver) resolve(members, resolver);
    if (dns) nameServer(dns, network.name).names = namesOn(network.name, members, hosts, owners);
    const { dhcp } = network;
    const relay = memberOf(dhcp?.relay);
    const server = relay ? behind(relay.host, dhcp!.by, hosts, owners) : memberOf(dhcp?.by);
    if (!dhcp || !server) continue;
    const terms = {
      server: servedBy(server.card).address,
      ...(relay && { relay: servedBy(relay.card).address }),
      seconds: dhcp.lease ?? LEASE,
      ...(resolver && { resolver }),
    };
    for (const { host, card } of members) lease(host, card, terms);
    const serving = addressServer(server, network.name);
    serving.pools = [...(serving.pools ?? []), poolOf(dhcp, server.host, members)];
    if (relay) relayTo(relay, network.name, terms.server);
  }
  for (const host of hosts) joinServers(host);
}

interface Member {
  host: PlannedHost;
  card: PlannedInterface;
}

/** Tells hosts of the name server, except those that learn of it by DHCP. */
function resolve(members: readonly Member[], resolver: { address: string; domain: string }): void {
  for (const { host, card } of members) {
    if (!card.leased) host.resolvers = [...(host.resolvers ?? []), resolver];
  }
}

function lease(host: PlannedHost, card: PlannedInterface, terms: Omit<PlannedLease, 'routes'>): void {
  if (!card.leased) return;
  const routes = host.routes.filter(
    (route) => route.interface === card.name && familyOf(route.via) === 'ipv4',
  );
  const router = routes.find(({ to }) => to === 'default')?.via;
  card.leased = {
    ...terms,
    ...(router !== undefined && { router }),
    routes: routes.some(({ to }) => to !== 'default') ? routes.map(({ to, via }) => ({ to, via })) : [],
  };
}

/** A host that does not ask has its address for itself all the same, where there is a range for strangers. */
function poolOf(
  { range, lease = LEASE }: Dhcp,
  server: PlannedHost,
  members: readonly Member[],
): PlannedPool {
  const { address, prefix, broadcast } = servedBy(members[0]!.card);
  const [first = ''] = printSubnet(subnetFrom(`${address}/${prefix}`)).split('/');
  const leases = members.flatMap(({ host, card }): PlannedReservation[] => {
    const reserved = { mac: card.mac, address: servedBy(card).address };
    if (!card.leased) return range && host !== server ? [reserved] : [];
    const { server: _, relay: __, ...terms } = card.leased;
    return [{ ...reserved, ...terms }];
  });
  return {
    ...{ first, prefix, seconds: lease, leases },
    ...(broadcast !== undefined && { broadcast }),
    ...(range && { range }),
  };
}

/** The server by the card on which the relay finds it. */
function behind(
  relay: PlannedHost,
  by: string,
  hosts: readonly PlannedHost[],
  owners: Owners,
): Member | undefined {
  const host = hosts.find(({ name }) => name === by);
  const found = host && nearestAddress(relay, host, owners, { family: 'ipv4' });
  return found && { host, card: found.card };
}

function relayTo(relay: Member, network: string, server: string): void {
  const serving = addressServer(relay, network);
  serving.relays = [...(serving.relays ?? []), { address: servedBy(relay.card).address, server }];
}

/** The address at which a card serves: DHCP needs IPv4, and DNS uses it where the network has it. */
function servedBy(card: PlannedInterface): PlannedAddress {
  return addressOf(card, 'ipv4') ?? card.addresses[0]!;
}

/**
 * One server of a host does all its DHCP, by all cards concerned: if several had the port 67, the kernel would give a packet to
 * any of them. The existing entry, or a new one.
 */
function addressServer({ host, card }: Member, network: string): PlannedServing {
  const found = host.serves?.find(({ pools, relays }) => pools ?? relays);
  return serve(host, found ?? { networks: [], cards: [] }, card.name, network);
}

/** One server for each card: a bare name has another address on another network. */
function nameServer({ host, card }: Member, network: string): PlannedServing {
  return serve(host, { networks: [], cards: [] }, card.name, network);
}

function serve(host: PlannedHost, serving: PlannedServing, card: string, network: string): PlannedServing {
  if (!serving.networks.includes(network)) serving.networks.push(network);
  if (!serving.cards.includes(card)) serving.cards.push(card);
  if (!host.serves?.includes(serving)) host.serves = [...(host.serves ?? []), serving];
  return serving;
}

/** Where a host hands out addresses by one card alone, the server of the names there does it as well. */
function joinServers(host: PlannedHost): void {
  const all = host.serves ?? [];
  const addresses = all.find(({ pools, relays }) => pools ?? relays);
  if (addresses?.cards.length !== 1) return;
  const names = all.find(({ names, cards }) => names && cards[0] === addresses.cards[0]);
  if (!names) return;
  const networks = [...new Set([...names.networks, ...addresses.networks])];
  const joined = { ...addresses, ...names, networks };
  host.serves = all.flatMap((one) => (one === addresses ? [] : one === names ? [joined] : [one]));
}

/**
 * Every host by its name and by `name.network`, where some host on this network has a way there. The bare name stands
 * for the address on this network, else for the one nearest from here, of each family.
 */
function namesOn(
  network: string,
  members: readonly Member[],
  hosts: readonly PlannedHost[],
  owners: Owners,
): { address: string; names: string[] }[] {
  // A router may be nearer to a host than the router's clients are, so its nearest address counts last.
  const askers = members.map(({ host }) => host).toSorted((a, b) => Number(a.forward) - Number(b.forward));
  return hosts.flatMap((peer) => {
    const main = FAMILIES.map((family) => bareAddress(network, askers, peer, owners, family));
    return peer.interfaces.flatMap((card) =>
      card.addresses.flatMap(({ address }) => {
        if (!askers.some((asker) => asker === peer || walk(asker, address, owners))) return [];
        const names = [`${peer.name}.${card.network}`, ...(main.includes(address) ? [peer.name] : [])];
        return [{ address, names }];
      }),
    );
  });
}

function bareAddress(
  network: string,
  askers: readonly PlannedHost[],
  peer: PlannedHost,
  owners: Owners,
  family: Family,
): string | undefined {
  const here = peer.interfaces.find((card) => card.network === network);
  const own = here && addressOf(here, family);
  if (own) return own.address;
  for (const asker of askers) {
    const found = nearestAddress(asker, peer, owners, { family });
    if (found) return found.address;
  }
  return undefined;
}
