/** The cards of the lab that a party of a line means, and the name of a card or an address in a line. */
import { BROADCAST_MAC, isGroupMac } from '../address.ts';
import type { Frame } from '../frame.ts';
import type { Card } from '../timeline.ts';
import type { Party } from './line.ts';
import { printParty } from './print.ts';

const ALL_ONES = '255.255.255.255';

/** Whether a frame's MAC or address is one of the party's. */
export type IsOne = (literal: string, frame: Frame) => boolean;

export function isCardOf(party: Party, cards: readonly Card[]): IsOne {
  const macs = new Set(cardsOf(party, cards).map(({ mac }) => mac));
  switch (party.kind) {
    case 'any':
      return () => true;
    case 'mac':
      return (mac) => mac === party.mac;
    case 'broadcast':
      return (mac) => mac === BROADCAST_MAC;
    case 'multicast':
      return isMulticastMac;
    default:
      return (mac) => macs.has(mac);
  }
}

export function isAddressOf(party: Party, cards: readonly Card[]): IsOne {
  const known = new Set(addressesOf(party, cards));
  switch (party.kind) {
    case 'any':
      return () => true;
    case 'broadcast': {
      const taken = new Set(cards.flatMap(({ addresses }) => addresses));
      return (address, frame) => isBroadcast(address, frame, taken);
    }
    case 'multicast':
      return isMulticast;
    default:
      return (address) => known.has(address);
  }
}

/** The literal addresses of a host or an address; empty for any other party. */
export function addressesOf(party: Party, cards: readonly Card[]): string[] {
  if (party.kind === 'address') return [party.address];
  return cardsOf(party, cards).flatMap(({ addresses }) => addresses);
}

function cardsOf(party: Party, cards: readonly Card[]): Card[] {
  if (party.kind !== 'host') return [];
  const { host, network } = party;
  return cards.filter((card) => card.host === host && (network === undefined || card.network === network));
}

/**
 * Whether an address is 255.255.255.255 (RFC 919 section 7), or a network's own broadcast address: frames to it go
 * to every card of the network, and no host has it.
 */
function isBroadcast(address: string, frame: Frame, taken: ReadonlySet<string>): boolean {
  if (address === ALL_ONES) return true;
  const toAll = frame.ethernet?.destination === BROADCAST_MAC;
  return toAll && frame.ip?.destination === address && !taken.has(address) && !isMulticast(address);
}

function isMulticast(address: string): boolean {
  if (address.includes(':')) return address.startsWith('ff');
  const first = Number(address.slice(0, address.indexOf('.')));
  return first >= 224 && first <= 239;
}

function isMulticastMac(mac: string): boolean {
  return mac !== BROADCAST_MAC && isGroupMac(mac);
}

/** The host that has the card, or the MAC itself. */
export function partyOfCard(mac: string, cards: readonly Card[]): Party {
  if (mac === BROADCAST_MAC) return { kind: 'broadcast' };
  const card = cards.find((one) => one.mac === mac);
  return card ? { kind: 'host', host: card.host } : { kind: 'mac', mac };
}

/** The host that has the address, or the address itself. */
export function partyOfAddress(address: string, cards: readonly Card[]): Party {
  const card = cards.find(({ addresses }) => addresses.includes(address));
  return card ? { kind: 'host', host: card.host } : { kind: 'address', address };
}

export function nameOfCard(mac: string, cards: readonly Card[]): string {
  return printParty(partyOfCard(mac, cards));
}

export function nameOfAddress(address: string, cards: readonly Card[]): string {
  return address === ALL_ONES ? 'broadcast' : printParty(partyOfAddress(address, cards));
}

/** Whether two parties can be the same host. A party that is not a host or an address is never the same. */
export function isSame(one: Party, other: Party, cards: readonly Card[]): boolean {
  const theirs = addressesOf(other, cards);
  return addressesOf(one, cards).some((address) => theirs.includes(address));
}
