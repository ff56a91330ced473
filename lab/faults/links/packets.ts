/** Where packets are lost by a cut that no cable shows: between hosts of different networks, or where ARP is kept. Pure. */
import type { PlannedHost } from '../../model/planned.ts';
import { namesOf, type Sides } from '../sides.ts';
import { between, type Place } from './on.ts';

/** On networks that both sides share, and across routers: each host is one kind of stranger or the other. */
export function packetLosses(sides: Sides, hosts: readonly PlannedHost[]): Place[][] {
  const [from, to] = namesOf(
    sides,
    hosts.map(({ name }) => name),
  );
  const ways = sides.ways === 'both' ? [[from, to] as const, [to, from] as const] : [[from, to] as const];
  const near = sides.arp ? ways.flatMap(([from, to]) => between(hosts, from, to)) : [];
  // A host that is cut off from all hosts of its networks is cut off from all networks behind them.
  const named = sides.from !== 'all' && sides.to !== 'all';
  const far = named ? merged(ways.flatMap(([from, to]) => across(hosts, from, to))) : [];
  return [near, far];
}

/**
 * At both ends: a NAT between them gives one of the addresses another place, and the other one tells enough. A packet
 * that is lost at the sender's own cable has left the sender too.
 */
function across(hosts: readonly PlannedHost[], from: readonly string[], to: readonly string[]): Place[] {
  const [senders, receivers] = [from, to].map((names) => hosts.filter(({ name }) => names.includes(name)));
  return senders!.flatMap((sender) =>
    receivers!
      .filter((receiver) => !shareNetwork(sender, receiver))
      .flatMap((receiver) => [
        ...cardsOf(receiver, { direction: 'in', from: addressesOf(sender) }),
        ...cardsOf(sender, { direction: 'out', to: addressesOf(receiver) }),
      ]),
  );
}

function shareNetwork(one: PlannedHost, other: PlannedHost): boolean {
  return one.interfaces.some(({ network }) => other.interfaces.some((card) => card.network === network));
}

function addressesOf({ interfaces }: PlannedHost): string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

function cardsOf({ name: host, interfaces }: PlannedHost, place: Omit<Place, 'host' | 'card'>): Place[] {
  return interfaces.map(({ name: card }) => ({ host, card, ...place }));
}

/** One place for each direction of a cable, with all addresses. */
function merged(places: readonly Place[]): Place[] {
  const same = Map.groupBy(places, ({ host, card, direction }) => `${host} ${card} ${direction}`);
  return [...same.values()].map((all) => ({
    ...all[0]!,
    ...(all[0]!.from && { from: all.flatMap(({ from = [] }) => from) }),
    ...(all[0]!.to && { to: all.flatMap(({ to = [] }) => to) }),
  }));
}
