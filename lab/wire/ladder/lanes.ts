/** The lanes in which a frame starts and ends, and its fate. */
import { BROADCAST_MAC, isGroupMac } from '../address.ts';
import type { Names } from '../names.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import { claimsOf } from './claims.ts';
import type { Fate } from './ladder.ts';

/** The sender and the receivers of a frame: names of hosts, or addresses where a host has no name. */
export interface Ends {
  from: string;
  to: string[];
  fate: Fate;
}

export type FindEnds = (seen: SeenFrame) => Ends;

/** A host of a ladder. */
export interface Party {
  name: string;
  macs: string[];
  addresses: string[];
  /** Its name is one of its addresses, or its MAC address. Its other addresses are shown themselves. */
  unnamed?: boolean;
  /** The names of its addresses, where each has a name of its own. */
  called?: ReadonlyMap<string, string>;
}

/** Each of the host's addresses that has a name, and the name. */
export function namedAddresses({ name, addresses, unnamed, called }: Party): [string, string][] {
  return addresses.flatMap((address): [string, string][] => {
    const word = called?.get(address) ?? (unnamed || called ? undefined : name);
    return word === undefined ? [] : [[address, word]];
  });
}

/**
 * For a lab's timeline: frames go from card to card, and a frame that a captured card did not see did not come to it.
 * `frames` are all frames of the timeline: they tell the host of a MAC that is not a card's planned one.
 */
export function endsByCards(
  parties: readonly Party[],
  captured: readonly Card[],
  frames: readonly SeenFrame[],
): FindEnds {
  const owners = new Map(parties.flatMap(({ name, macs }) => macs.map((mac) => [mac, name])));
  for (const { mac, host } of captured) owners.set(mac, host);
  for (const [mac, host] of otherMacs(parties, frames)) if (!owners.has(mac)) owners.set(mac, host);
  const addresses = new Map(parties.flatMap((party) => party.addresses.map((one) => [one, party.name])));
  const watched = new Set(captured.map(({ mac }) => mac));
  return ({ frame, sightings }) => {
    const out = sightings.find(({ way }) => way === 'out');
    const source = frame.ethernet?.source ?? 'nobody';
    const from = out?.card.host ?? owners.get(source) ?? source;
    const heard = sightings.filter(({ way }) => way === 'in').map(({ card }) => card.host);
    const destination = frame.ethernet?.destination ?? BROADCAST_MAC;
    if (isGroupMac(destination)) {
      const asked = heard.length > 0 ? undefined : addresses.get(frame.arp?.targetAddress ?? '');
      // Where no other card was captured, a question is drawn to the host that it asks for.
      const others = captured.some(({ mac, network }) => mac !== source && network === out?.card.network);
      if (asked !== undefined && asked !== from && !others) return { from, to: [asked], fate: 'arrived' };
      return { from, to: [...new Set(heard)], fate: heard.length > 0 ? 'arrived' : 'unheard' };
    }
    const owner = owners.get(destination);
    if (owner === undefined)
      return { from, to: [...new Set(heard)], fate: heard.length > 0 ? 'arrived' : 'nobody' };
    if (heard.length > 0) return { from, to: [owner], fate: 'arrived' };
    return { from, to: [owner], fate: watched.has(destination) ? 'lost' : 'unseen' };
  };
}

/** MACs from which only one host was seen to send, or which only one host claimed (RFC 826, RFC 4861). */
function otherMacs(parties: readonly Party[], frames: readonly SeenFrame[]): Map<string, string> {
  const addresses = new Map(parties.flatMap((party) => party.addresses.map((one) => [one, party.name])));
  const found = new Map<string, Set<string>>();
  const add = (mac: string, host: string | undefined) => {
    if (host !== undefined) found.set(mac, (found.get(mac) ?? new Set()).add(host));
  };
  for (const { frame, sightings } of frames) {
    const out = sightings.find(({ way }) => way === 'out');
    if (out && frame.ethernet) add(frame.ethernet.source, out.card.host);
    for (const [mac, address] of claimsOf(frame)) add(mac, addresses.get(address));
  }
  return new Map([...found].flatMap(([mac, hosts]) => (hosts.size === 1 ? [[mac, [...hosts][0]!]] : [])));
}

/** Hosts' names by their addresses and cards. */
export function namesOf(parties: readonly Party[]): Names {
  const addresses = new Map(parties.flatMap(namedAddresses));
  const macs = new Map(parties.flatMap(({ macs, name }) => macs.map((mac) => [mac, name] as const)));
  return { host: (address) => addresses.get(address), card: (mac) => macs.get(mac) };
}

/** The host that has an address. Where several have it, `there` is the one that counts. */
export type Owner = (address: string, there: string | undefined) => string | undefined;

export function ownerIn(parties: readonly Party[]): Owner {
  const owners = new Map<string, string[]>();
  for (const { name, addresses } of parties)
    for (const address of addresses) owners.set(address, [...(owners.get(address) ?? []), name]);
  return (address, there) => {
    const found = owners.get(address);
    return there !== undefined && found?.includes(there) ? there : found?.[0];
  };
}
