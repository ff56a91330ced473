/** The cables that a step's packets and their answers take, and the cards at both ends of each. */
import type { InterfaceState } from '../agent/protocol.ts';
import type { PlannedInterface } from '../scenario/planned.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';
import type { Hop } from './way.ts';

/** Forth first. As far as the tables tell: one direction may be known and the other not. */
export async function hopsOf({ forth, back }: Evidence): Promise<Hop[]> {
  const [there, here] = await Promise.allSettled([forth(), back()]);
  const known = [there, here].flatMap((one) => (one.status === 'fulfilled' ? one.value.hops : []));
  if (known.length === 0 && there.status === 'rejected') throw there.reason;
  return known;
}

export interface Plugged {
  machine: Machine;
  card: PlannedInterface;
  state: InterfaceState;
}

/** The cards on the way, each once; where a packet goes to many or to nobody, the one that it leaves by. */
export async function cardsOf(evidence: Evidence): Promise<Plugged[]> {
  const { here, target, forth } = evidence;
  const hops = await hopsOf(evidence).catch(() => []);
  const ends = hops.flatMap((hop) => [
    { machine: hop.from, card: hop.out },
    { machine: hop.to, card: hop.in },
  ]);
  const way = target?.cast === 'one' ? await forth() : undefined;
  if (way?.end.at === 'nobody') ends.push({ machine: way.end.machine, card: way.end.out });
  if (target?.cast === 'many') ends.push(...here.cards.map((card) => ({ machine: here, card })));
  const once = ends.filter(({ card }, index) => ends.findIndex((one) => one.card === card) === index);
  const found = await Promise.all(
    once.map(async ({ machine, card }) => {
      const state = (await machine.interfaces()).find(({ name }) => name === card.name);
      return state ? [{ machine, card, state }] : [];
    }),
  );
  return found.flat();
}
