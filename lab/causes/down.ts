import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { cardsOf } from './links.ts';
import { isNear } from './subnet.ts';

/** A card on the way was taken down: it hears nothing, and the routes by it are gone. */
export const down: Cause = {
  word: 'down',
  async find(evidence) {
    const { how } = evidence;
    if (how !== 'silence' && how !== 'unreachable') return undefined;
    const off = (await cardsOf(evidence)).find(({ state }) => !state.up);
    if (off) return saying(off.machine.name, off.card.name);
    return ours(evidence);
  },
};

/** A network that we would reach directly, by a card that is down. */
async function ours({ target, forth }: Evidence): Promise<string | undefined> {
  const { end } = target?.cast === 'one' ? await forth() : {};
  if (!target || end?.at !== 'no-route') return undefined;
  const { machine } = end;
  const near = machine.cards.filter((card) => isNear(card, target.address));
  const states = await machine.interfaces();
  const off = near.find(({ name }) => states.some((state) => state.name === name && !state.up));
  return off && saying(machine.name, off.name);
}

function saying(host: string, card: string): string {
  return `${host}'s ${card} is down: \`ip link set ${card} up\` there`;
}
