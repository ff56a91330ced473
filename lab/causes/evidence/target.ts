/** The target of a step, as its causes see it. */

import { familyOf } from '../../model/address.ts';
import { addressOf, type PlannedInterface } from '../../model/planned.ts';
import type { Outcome, Target as Stated } from '../../outcomes/outcome.ts';
import type { Machine } from './machine.ts';
import { isMulticast } from './subnet.ts';

export interface Target extends Stated {
  /**
   * One host, or several. `near`: hosts on a network of the sender. `far`: all hosts of another network, by its
   * broadcast address (a directed broadcast, RFC 919).
   */
  cast: 'one' | 'near' | 'far';
}

/** Undefined where the step sends to nobody. */
export function targetOf(
  { target, tuple }: Outcome,
  here: Machine,
  all: readonly Machine[],
): Target | undefined {
  const stated = tuple ? { transport: tuple.transport, ...tuple.remote } : target;
  return stated && { ...stated, cast: castOf(stated.address, here, all) };
}

function castOf(address: string, here: Machine, all: readonly Machine[]): Target['cast'] {
  if (address === '255.255.255.255' || isMulticast(address)) return 'near';
  if (here.cards.some((card) => broadcastsOf(card).includes(address))) return 'near';
  return all.some(({ cards }) => cards.some((card) => broadcastsOf(card).includes(address))) ? 'far' : 'one';
}

export function broadcastsOf({ addresses }: PlannedInterface): string[] {
  return addresses.flatMap(({ broadcast }) => broadcast ?? []);
}

/** The network of a broadcast address. */
export function networkOf(broadcast: string, all: readonly Machine[]): string | undefined {
  const cards = all.flatMap((machine) => machine.cards);
  return cards.find((card) => broadcastsOf(card).includes(broadcast))?.network;
}

/** The source address of a card for this destination. */
export function sourceFor(card: PlannedInterface, destination: string): string | undefined {
  return (addressOf(card, familyOf(destination)) ?? card.addresses[0])?.address;
}
