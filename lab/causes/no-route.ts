import { familyOf, printFamily } from '../scenario/address.ts';
import { addressOf } from '../scenario/planned.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';
import { isNear } from './subnet.ts';
import type { Way } from './way.ts';

/** A host on the way, or on the way back, whose routes lead nowhere. */
export const noRoute: Cause = {
  word: 'no-route',
  async find(evidence) {
    const { target, how } = evidence;
    if (target?.cast !== 'one' || ['refused', 'reset', 'end', 'closed'].includes(how)) return undefined;
    const forth = await evidence.forth();
    if (forth.end.at === 'refused') return refused(forth.end, target.address);
    if (forth.end.at === 'no-route') return missing(evidence, forth.end.machine, target.address);
    // What comes later is no matter of routes: a socket that could send was given one.
    if (how !== 'silence' && how !== 'unreachable') return undefined;
    const back = await evidence.back();
    if (back.end.at !== 'no-route') return undefined;
    return `${back.end.machine.name} has no route back to ${(await evidence.local()).address}`;
  },
};

function refused({ machine, route }: Extract<Way['end'], { at: 'refused' }>, address: string): string {
  return `${machine.name} has a route that lets nothing go to ${address}: ${route.type} ${route.to}`;
}

function missing({ here }: Evidence, machine: Machine, address: string): string {
  const family = familyOf(address);
  if (!machine.cards.some((card) => addressOf(card, family)))
    return `${machine.name} has no ${printFamily(family)}, and ${address} is an address of it`;
  const near = machine.cards.find((card) => isNear(card, address));
  if (near) return `${machine.name} has no route to ${address}, though it is on ${near.network}`;
  if (machine.name !== here.name) return `${machine.name} has no route to ${address}`;
  const networks = machine.cards.map(({ network }) => network).join(', ') || 'none';
  return `gateway missing: ${address} is on none of ${machine.name}'s networks (${networks}), and it has no route there`;
}
