/** Addresses by DHCP and names by DNS, worked out: what each server hands out, and what each host is to learn. Pure. */
import { printAddress, subnetFrom } from './address.ts';
import type { PlannedHost, PlannedInterface, PlannedLease, PlannedReservation } from './planned.ts';
import { nearestInterface } from './resolve.ts';
import type { Network } from './types.ts';
import { type Owners, walk } from './walk.ts';

/** Seconds: an hour, as a small network has it; the first renewal comes at half of it (RFC 2131 section 4.4.5). */
const LEASE = 3600;

/** Fills in who serves and who is served. Every card that is leased has `leased`, with nothing in it, before. */
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
    const resolver = dns && { address: dns.card.address, domain: network.name };
    if (resolver) resolve(members, resolver);
    if (dhcp) for (const { host, card } of members) lease(host, card, dhcp.card.address, resolver);
    if (dns) serve(dns).names = namesOn(network.name, members, hosts, owners);
    if (dhcp) serve(dhcp).leases = members.flatMap(({ card }) => reservation(card));
  }
}

interface Member {
  host: PlannedHost;
  card: PlannedInterface;
}

/** Who gets an address there learns of the name server with it. */
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
  const routes = host.routes.filter((route) => route.interface === card.name);
  const router = routes.find(({ to }) => to === 'default')?.via;
  card.leased = {
    server,
    seconds: LEASE,
    ...(router !== undefined && { router }),
    routes: routes.some(({ to }) => to !== 'default') ? routes.map(({ to, via }) => ({ to, via })) : [],
    ...(resolver && { resolver }),
  };
}

function reservation({ mac, address, leased }: PlannedInterface): PlannedReservation[] {
  return leased ? [{ mac, address, ...leased }] : [];
}

/** The serving of a host on a network, new or there already. */
function serve({ host, card }: Member): NonNullable<PlannedHost['serves']>[number] {
  const { network, name, address, prefix, broadcast } = card;
  const found = host.serves?.find((one) => one.network === network);
  if (found) return found;
  const first = printAddress(subnetFrom(`${address}/${prefix}`).first);
  const made = { network, card: name, address, first, prefix, broadcast };
  host.serves = [...(host.serves ?? []), made];
  return made;
}

/**
 * Every host by its name and by `name.network`, as far as somebody on this network has a way there. Its bare name is
 * its address on this network, else the one that is nearest from here.
 */
function namesOn(
  network: string,
  members: readonly Member[],
  hosts: readonly PlannedHost[],
  owners: Owners,
): { address: string; names: string[] }[] {
  // A router is nearer to much than whom it serves: it is asked last.
  const askers = members.map(({ host }) => host).toSorted((a, b) => Number(a.forward) - Number(b.forward));
  return hosts.flatMap((peer) => {
    const main = peer.interfaces.find((card) => card.network === network) ?? nearestTo(askers, peer, owners);
    return peer.interfaces.flatMap((card) => {
      if (!askers.some((asker) => asker === peer || walk(asker, card.address, owners))) return [];
      const names = [`${peer.name}.${card.network}`, ...(card === main ? [peer.name] : [])];
      return [{ address: card.address, names }];
    });
  });
}

function nearestTo(
  askers: readonly PlannedHost[],
  peer: PlannedHost,
  owners: Owners,
): PlannedInterface | undefined {
  for (const asker of askers) {
    const found = nearestInterface(asker, peer, owners);
    if (found) return found;
  }
  return undefined;
}
