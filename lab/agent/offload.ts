/**
 * A card with offload sends frames with unfinished checksums, and many segments in one: it leaves that work to the next card.
 * While something is captured on its network, the host does the work itself, so that captures show the frames of the wire.
 */
import type { Closable, Handles } from './handles.ts';
import { hostInterfaces } from './interfaces.ts';
import type { AgentCalls } from './protocol.ts';
import { tool } from './tool.ts';

export function offloadCalls(handles: Handles): Pick<AgentCalls, 'offloadOff'> {
  return {
    offloadOff: async () => {
      const cards = Object.keys(hostInterfaces()).filter((name) => name !== 'lo');
      const held = await Promise.allSettled(cards.map(keepOff));
      const off = held.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const kept = handles.keep(new Off(off));
      const refused = held.find((one) => one.status === 'rejected');
      if (!refused) return { handle: kept };
      await handles.close(kept);
      throw refused.reason;
    },
  };
}

class Off implements Closable {
  readonly #cards: AsyncDisposable[];

  constructor(cards: AsyncDisposable[]) {
    this.#cards = cards;
  }

  async close(): Promise<void> {
    await Promise.all(this.#cards.map((card) => card[Symbol.asyncDispose]()));
  }
}

/** By card: the features that were on, and how many callers want them off. */
const off = new Map<string, { wanted: number; before: Promise<string[]> }>();

const FEATURES = {
  tx: 'tx-checksumming',
  tso: 'tcp-segmentation-offload',
  gso: 'generic-segmentation-offload',
};

/** For a card that sends whole frames from the beginning. */
export const OFFLOAD_OFF = Object.keys(FEATURES).flatMap((name) => [name, 'off']);

/** Switches offload off until the last caller that asked disposes of it. */
async function keepOff(card: string): Promise<AsyncDisposable> {
  const held = off.get(card) ?? { wanted: 0, before: switchOff(card) };
  off.set(card, held);
  held.wanted += 1;
  const release = async () => {
    held.wanted -= 1;
    if (held.wanted > 0) return;
    off.delete(card);
    const before = await held.before.catch(() => []);
    if (before.length > 0)
      await tool(['ethtool', '-K', card, ...before.flatMap((name) => [name, 'on'])]).catch(() => {});
  };
  try {
    await held.before;
  } catch (error) {
    await release();
    throw error;
  }
  let released: Promise<void> | undefined;
  return {
    [Symbol.asyncDispose]: () => {
      released ??= release();
      return released;
    },
  };
}

/** Returns the features that were on. */
async function switchOff(card: string): Promise<string[]> {
  const shown = await tool(['ethtool', '-k', card]);
  const on = Object.entries(FEATURES)
    .filter(([, name]) => new RegExp(`^\\s*${name}: on(?! \\[fixed\\])`, 'm').test(shown))
    .map(([name]) => name);
  if (on.length > 0) await tool(['ethtool', '-K', card, ...on.flatMap((name) => [name, 'off'])]);
  return on;
}
