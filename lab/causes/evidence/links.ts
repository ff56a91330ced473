/** The cables that a step's packets and their answers take, and the cards at both ends of each. */
import type { InterfaceState } from '../../agent/protocol.ts';
import type { PlannedInterface } from '../../model/planned.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';
import type { Hop } from './path.ts';
import type { PathHost } from './path-host.ts';
import { unlessUnanswered } from './unanswered.ts';

/** The hops there, then those back, as far as the tables tell: one direction may be known and the other not. */
export async function hopsOf({ forth, back }: Evidence): Promise<Hop[]> {
  const ways = [await unlessUnanswered(forth()), await unlessUnanswered(back())];
  return ways.flatMap((way) => way?.hops ?? []);
}

export interface Plugged {
  machine: Machine;
  card: PlannedInterface;
  state: InterfaceState;
}

/** The cards of the cable by which a packet leaves a host; one card where the host at the other end is not known. */
export async function cardsOf({ machine, by, leaves }: PathHost): Promise<Plugged[]> {
  const ends = [
    ...(by ? [{ machine, card: by }] : []),
    ...(leaves ? [{ machine: leaves.to, card: leaves.in }] : []),
  ];
  const found = await Promise.all(
    ends.map(async (end) => {
      const state = (await end.machine.interfaces()).find(({ name }) => name === end.card.name);
      return state ? [{ ...end, state }] : [];
    }),
  );
  return found.flat();
}
