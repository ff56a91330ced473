/** A card on the way was taken down: it receives nothing, and the routes by this card are gone. */
import type { PathCause } from './cause.ts';
import { cardsOf } from './evidence/links.ts';
import type { PathHost } from './evidence/path-host.ts';
import { isNear } from './evidence/subnet.ts';

export const down: PathCause = {
  word: 'down',
  async find({ symptom }, pathHost) {
    if (symptom !== 'silence' && symptom !== 'unreachable') return undefined;
    const off = (await cardsOf(pathHost)).find(({ state }) => !state.up);
    if (off) return saying(off.machine.name, off.card.name);
    return towards(pathHost);
  },
};

/** A network that would be reached directly, by a card that is down. */
async function towards({ machine, end, after }: PathHost): Promise<string | undefined> {
  if (end?.at !== 'no-route') return undefined;
  const near = machine.cards.filter((card) => isNear(card, after.destination.address));
  const states = await machine.interfaces();
  const off = near.find(({ name }) => states.some((state) => state.name === name && !state.up));
  return off && saying(machine.name, off.name);
}

function saying(host: string, card: string): string {
  return `${host}'s ${card} is down: \`ip link set ${card} up\` there`;
}
