import { hasNow } from './address-owner.ts';
import type { WayCause } from './cause.ts';
import { isWithoutAnswer, neighbourOf } from './neighbour.ts';

/** A neighbour table on the way that has another card's MAC, as one that somebody wrote there does. */
export const wrongNeighbour: WayCause = {
  word: 'wrong-neighbour',
  async find({ how, all, leasing }, { leaves }) {
    if (!leaves || leasing || (how !== 'silence' && how !== 'unreachable')) return undefined;
    const { from, out, next, to, in: card } = leaves;
    const entry = await neighbourOf(from, next, out.name);
    if (!entry?.mac || isWithoutAnswer(entry)) return undefined;
    // Where nobody has the address, whose card it is is another matter.
    if ((await hasNow(to, next)) === false) return undefined;
    const mac = (await to.interfaces()).find(({ name }) => name === card.name)?.mac.toLowerCase();
    const known = entry.mac.toLowerCase();
    if (mac === undefined || mac === known) return undefined;
    const owner = all.find(({ cards }) => cards.some((one) => one.mac === known));
    const whose = owner ? ` (${owner.name}'s)` : '';
    return `${from.name}'s neighbour table has ${known}${whose} for ${next}, ${to.name}'s card is ${mac}`;
  },
};
