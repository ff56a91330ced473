/**
 * A card whose work is left to the next one sends frames with unfinished checksums, many segments in one. While
 * something is captured the host does that work itself, so that what is seen is what is on the wire.
 */
import { tool } from './tool.ts';

export type Offload = AsyncDisposable;

/** By card: what was on, and how many captures want it off. */
const off = new Map<string, { wanted: number; before: Promise<string[]> }>();

const FEATURES = {
  tx: 'tx-checksumming',
  tso: 'tcp-segmentation-offload',
  gso: 'generic-segmentation-offload',
};

/** Switches it off until the last one who asked disposes of it. */
export async function keepOffload(card: string): Promise<Offload> {
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

/** Those that were on. */
async function switchOff(card: string): Promise<string[]> {
  const shown = await tool(['ethtool', '-k', card]);
  const on = Object.entries(FEATURES)
    .filter(([, name]) => new RegExp(`^\\s*${name}: on(?! \\[fixed\\])`, 'm').test(shown))
    .map(([name]) => name);
  if (on.length > 0) await tool(['ethtool', '-K', card, ...on.flatMap((name) => [name, 'off'])]);
  return on;
}
