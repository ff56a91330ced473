/**
 * The plug of a cable. When the patch's end of it is taken down, `eth0` has no carrier, as if somebody pulled the cable out.
 * Only the kernel's memory of neighbours is lost with it, and nothing is sent when the carrier comes back.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './patience.ts';
import { type AgentCalls, Overloaded } from './protocol.ts';
import { tool } from './tool.ts';

/** Milliseconds in which the kernel has to notice the change. It tells nobody directly, so it is asked. */
const NOTICED_WITHIN = 60_000;
const ASK_EVERY = 5;

interface Link {
  flags: string[];
  operstate: string;
}

/** Takes the far end of a card's cable up or down. */
export type Plug = (card: string, state: 'up' | 'down') => Promise<unknown>;

/** For a cable whose other end is the patch's, in this host. */
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

/**
 * Waits for the whole kernel. The driver tells at once, the rest (routes, queues, neighbours) a little later: see
 * `operstate`.
 */
async function noticed(card: string, state: 'up' | 'down'): Promise<void> {
  const limit = performance.now() + patient(NOTICED_WITHIN);
  for (;;) {
    const [link] = JSON.parse(await tool(['ip', '-j', 'link', 'show', 'dev', card])) as Link[];
    // A card that somebody has taken down has no carrier to lose or get.
    if (!link?.flags.includes('UP') || (link.operstate === 'UP') === (state === 'up')) return;
    if (performance.now() > limit)
      throw new Overloaded(`${card} is ${link.operstate} although its cable is ${state}`);
    await pause(ASK_EVERY);
  }
}
