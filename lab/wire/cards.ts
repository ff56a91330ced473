/** The two cards between which a frame goes, as far as its link names them, and its direction at the capturing card. */
import type { Frame } from './frame.ts';
import { OUTGOING } from './links/cooked.ts';

export interface Cards {
  /** MAC addresses. */
  source?: string | undefined;
  destination?: string | undefined;
}

const UNKNOWN: Cards = {};

/** Empty for a link without MAC addresses; a cooked capture names only the sender. */
export function cardsOf({ ethernet, links }: Frame): Cards {
  if (ethernet !== undefined) return ethernet;
  const link = links.find(({ kind }) => kind === 'wireless' || kind === 'cooked');
  return link === undefined ? UNKNOWN : (link as Cards);
}

/** Undefined where the link does not say. */
export function wayOf({ links: [first] }: Frame): 'out' | 'in' | undefined {
  if (first?.kind !== 'cooked') return undefined;
  return first.packetType === OUTGOING ? 'out' : 'in';
}
