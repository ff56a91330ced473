/** Works out DHCP and DNS: the addresses and names of each server, and the options that each host is to learn. Pure. */
import { FAMILIES, type Family, familyOf, printSubnet, subnetFrom } from '../model/address.ts';
import { type Owners, walk } from '../model/follow-routes.ts';
import {
  addressOf,
  type PlannedAddress,
  type PlannedHost,
  type PlannedInterface,
  type PlannedLease,
  type PlannedReservation,
} from '../model/planned.ts';
import type { Network } from '../model/types.ts';
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
    const serverOf = (name: string | undefined) => members.find(({ host }) => host.name === name);
    const [dhcp, dns] = [serverOf(network.dhcp), serverOf(network.dns)];
    const resolver = dns && { address: servedBy(dns.card).address, domain: network.name };
    if (resolver) resolve(members, resolver);
    if (dhcp) for (const { host, card } of members) lease(host, card, servedBy(dhcp.card).address, resolver);
    if (dns) serve(dns).names = namesOn(network.name, members, hosts, owners);
    if (dhcp) serve(dhcp).leases = members.flatMap(({ card }) => reservation(card));
  }
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

function lease(
  host: PlannedHost,
  card: PlannedInterface,
  server: string,
  resolver: PlannedLease['resolver'],
): void {
  if (!card.leased) return;
  const routes = host.routes.filter(
    (route) => route.interface === card.name && familyOf(route.via) === 'ipv4',
  );
  const router = routes.find(({ to }) => to === 'default')?.via;
  card.leased = {
    server,
    seconds: LEASE,
    ...(router !== undefined && { router }),
    routes: routes.some(({ to }) => to !== 'default') ? routes.map(({ to, via }) => ({ to, via })) : [],
    ...(resolver && { resolver }),
  };
}

function reservation(card: PlannedInterface): PlannedReservation[] {
  const { mac, leased } = card;
  return leased ? [{ mac, address: servedBy(card).address, ...leased }] : [];
}

/** The address at which a card serves: DHCP needs IPv4, and DNS uses it where the network has it. */
function servedBy(card: PlannedInterface): PlannedAddress {
  return addressOf(card, 'ipv4') ?? card.addresses[0]!;
}

/** The services of a host on a network: the existing entry, or a new one. */
function serve({ host, card }: Member): NonNullable<PlannedHost['serves']>[number] {
  const { network, name } = card;
  const { address, prefix, broadcast } = servedBy(card);
  const found = host.serves?.find((one) => one.network === network);
  if (found) return found;
  const [first = ''] = printSubnet(subnetFrom(`${address}/${prefix}`)).split('/');
  const made = {
    ...{ network, card: name, address, first, prefix },
    ...(broadcast !== undefined && { broadcast }),
  };
  host.serves = [...(host.serves ?? []), made];
  return made;
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
