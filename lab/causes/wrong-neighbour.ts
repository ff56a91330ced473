import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { hopsOf } from './links.ts';
import type { Hop } from './way.ts';

/** A neighbour table on the way that has another card's MAC, as one that somebody wrote there does. */
export const wrongNeighbour: Cause = {
  word: 'wrong-neighbour',
  async find(evidence) {
    if (evidence.how !== 'silence' && evidence.how !== 'unreachable') return undefined;
    for (const hop of await hopsOf(evidence)) {
      const found = await mismatch(hop, evidence);
      if (found) return found;
    }
    return undefined;
  },
};

async function mismatch(
  { from, out, next, to, in: card }: Hop,
  { all }: Evidence,
): Promise<string | undefined> {
  const table = await from.neighbours();
  const entry = table.find(({ address, interface: by }) => address === next && by === out.name);
  if (!entry?.mac || /FAILED|INCOMPLETE/.test(entry.state)) return undefined;
  const mac = (await to.interfaces()).find(({ name }) => name === card.name)?.mac.toLowerCase();
  const known = entry.mac.toLowerCase();
  if (mac === undefined || mac === known) return undefined;
  const owner = all.find(({ cards }) => cards.some((one) => one.mac === known));
  const whose = owner ? ` (${owner.name}'s)` : '';
  return `${from.name}'s neighbour table has ${known}${whose} for ${next}, ${to.name}'s card is ${mac}`;
}
