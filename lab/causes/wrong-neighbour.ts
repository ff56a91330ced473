/** A neighbour table on the way has a wrong MAC, for example because somebody wrote it there. */
import type { PathCause } from './cause.ts';
import { hasNow } from './evidence/address-owner.ts';
import type { Machine } from './evidence/machine.ts';
import { isWithoutAnswer, neighbourOf } from './evidence/neighbour.ts';

export const wrongNeighbour: PathCause = {
  word: 'wrong-neighbour',
  async find({ symptom, all, leasing }, { leaves }) {
    if (!leaves || leasing || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const { from, out, next, to, in: card } = leaves;
    const entry = await neighbourOf(from, next, out.name);
    if (!entry?.mac || isWithoutAnswer(entry)) return undefined;
    // Where no host has the address, another cause counts.
    if ((await hasNow(to, next)) === false) return undefined;
    const mac = (await to.interfaces()).find(({ name }) => name === card.name)?.mac.toLowerCase();
    const known = entry.mac.toLowerCase();
    // A host may answer with another card's MAC than the planned one's: a bridge's of its own, a virtual one.
    if (mac === undefined || (await has(to, known))) return undefined;
    const owner = await ownerOf(known, all);
    const whose = owner ? ` (${owner.name}'s)` : '';
    return `${from.name}'s neighbour table has ${known}${whose} for ${next}, ${to.name}'s card is ${mac}`;
  },
};

async function has(machine: Machine, mac: string): Promise<boolean> {
  return (await machine.interfaces()).some((one) => one.mac.toLowerCase() === mac);
}

/** The host that has this MAC now, if the plan gave it to a card of this host. */
async function ownerOf(mac: string, all: readonly Machine[]): Promise<Machine | undefined> {
  const planned = all.find(({ cards }) => cards.some((one) => one.mac === mac));
  return planned && (await has(planned, mac)) ? planned : undefined;
}
