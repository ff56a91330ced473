/** A host on the way, or on the way back, that has no route to the destination. */
import { familyOf, printFamily } from '../model/address.ts';
import { addressOf } from '../model/planned.ts';
import type { PathCause } from './cause.ts';
import type { Path } from './evidence/path.ts';
import type { PathHost } from './evidence/path-host.ts';
import { isNear } from './evidence/subnet.ts';

export const noRoute: PathCause = {
  word: 'no-route',
  async find({ target, symptom }, pathHost) {
    const { leg, machine, end, after } = pathHost;
    if (!target || target.cast === 'near' || ['refused', 'reset', 'end', 'closed'].includes(symptom))
      return undefined;
    // Other failures have nothing to do with routes: the socket has sent, so there was a route.
    if (leg === 'back' && symptom !== 'silence' && symptom !== 'unreachable') return undefined;
    const { address } = after.destination;
    if (leg === 'back')
      return end?.at === 'no-route' ? `${machine.name} has no route back to ${address}` : undefined;
    if (end?.at === 'refused') return refused(end, address);
    return end?.at === 'no-route' ? missing(pathHost, address) : undefined;
  },
};

function refused({ machine, route }: Extract<Path['end'], { at: 'refused' }>, address: string): string {
  return `${machine.name} has a route that lets nothing go to ${address}: ${route.type} ${route.to}`;
}

function missing({ machine, came }: PathHost, address: string): string {
  const family = familyOf(address);
  if (!machine.cards.some((card) => addressOf(card, family)))
    return `${machine.name} has no ${printFamily(family)}, and ${address} is an address of it`;
  const near = machine.cards.find((card) => isNear(card, address));
  if (near) return `${machine.name} has no route to ${address}, though it is on ${near.network}`;
  if (came) return `${machine.name} has no route to ${address}`;
  const networks = machine.cards.map(({ network }) => network).join(', ') || 'none';
  return `gateway missing: ${address} is on none of ${machine.name}'s networks (${networks}), and it has no route there`;
}
