import { addressesOf } from '../scenario/planned.ts';
import type { Cause } from './cause.ts';

/** The plan gave the address to a host, and that host's kernel does not have it any more. */
export const lostAddress: Cause = {
  word: 'lost-address',
  async find({ target, there, how }) {
    if (how !== 'silence' && how !== 'unreachable') return undefined;
    const card = there?.cards.find((one) => addressesOf(one).includes(target!.address));
    if (!there || !card || !target) return undefined;
    const live = await there.interfaces();
    if (live.some(({ addresses }) => addresses.some(({ address }) => address === target.address)))
      return undefined;
    const now = live.find(({ name }) => name === card.name)?.addresses.map(({ address }) => address) ?? [];
    return `${there.name}'s ${card.name} does not have ${target.address} any more: it has ${now.join(', ') || 'none'}`;
  },
};
