/** A card on the way is up and has no carrier. */
import type { PathCause } from './cause.ts';
import { byStep, whoUnplugged } from './evidence/faults-that-stand.ts';
import { cardsOf } from './evidence/links.ts';

export const unplugged: PathCause = {
  word: 'unplugged',
  async find(evidence, pathHost) {
    if (evidence.symptom !== 'silence' && evidence.symptom !== 'unreachable') return undefined;
    const out = (await cardsOf(pathHost)).find(({ state }) => state.up && !state.carrier);
    if (!out) return undefined;
    const { machine, card } = out;
    const by = byStep(whoUnplugged(evidence, machine, card.network));
    return `the cable of ${machine.name} (${card.name}, ${card.network}) is unplugged${by}`;
  },
};
