/**
 * The plug of a cable: the patch's end of it taken down leaves `eth0` without a carrier, as a cable pulled out does.
 * Nothing is lost with it but what the kernel forgets of neighbours, and nothing is sent when it comes back.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './patience.ts';
import { type AgentCalls, Overloaded } from './protocol.ts';
import { tool } from './tool.ts';

/** Milliseconds within which the kernel has to have noticed. It tells nobody directly, so it is asked. */
const NOTICED_WITHIN = 60_000;
const ASK_EVERY = 5;

interface Link {
  flags: string[];
  operstate: string;
}

/** Takes the far end of a card's cable up or down. */
export type Plug = (card: string, state: 'up' | 'down') => Promise<unknown>;

/** Where the cable's other end is the patch's, in this host. */
export const plugAtPatch: Plug = (card, state) =>
  tool(['ip', 'link', 'set', 'dev', card.replace('eth', 'patch'), state]);

export function carrierCalls(plug: () => Plug | undefined): Pick<AgentCalls, 'unplug' | 'plug'> {
  const set = async (card: string, state: 'up' | 'down') => {
    const setEnd = plug();
    if (!setEnd) throw new Error('this host has no patch: the nft command is missing');
    await setEnd(card, state);
    await noticed(card, state);
  };
  return {
    unplug: ({ card }) => set(card, 'down'),
    plug: ({ card }) => set(card, 'up'),
  };
}

/** The driver tells at once, the rest of the kernel (routes, queues, neighbours) a little later: see `operstate`. */
async function noticed(card: string, state: 'up' | 'down'): Promise<void> {
  const limit = performance.now() + patient(NOTICED_WITHIN);
  for (;;) {
    const [link] = JSON.parse(await tool(['ip', '-j', 'link', 'show', 'dev', card])) as Link[];
    // A card that somebody has taken down itself has no carrier to lose or get.
    if (!link?.flags.includes('UP') || (link.operstate === 'UP') === (state === 'up')) return;
    if (performance.now() > limit)
      throw new Overloaded(`${card} is ${link.operstate} although its cable is ${state}`);
    await pause(ASK_EVERY);
  }
}
