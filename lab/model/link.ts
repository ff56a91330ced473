/** What a link does to frames, as a scenario says it; and as its cables are told. */
import type { Impairment } from '../agent/cable/impairment.ts';

const LINK = 'link ';

/** The name under which cables tell of a link: of a network, or of a card as `alice.lan`. */
export function linkId(name: string): string {
  return `${LINK}${name}`;
}

/** The name of a link, of what cables call it. */
export function linkOf(id: string): string {
  return id.slice(LINK.length);
}

export type { Impairment, Matching, Stage } from '../agent/cable/impairment.ts';
export { FASTEST, MOST_HELD } from '../agent/cable/impairment.ts';

/**
 * `both` directions alike, or each for itself. On a network `both` is what every frame meets once, on its way out of
 * its host's card; on one card it is what it meets on the way out and on the way in.
 */
export interface Link {
  both?: Impairment;
  out?: Impairment;
  in?: Impairment;
  /** Decides every draw; the planner makes one of the lab's name where it is absent. */
  seed?: number;
}

/** What frames from one host to another meet, and where it is for `both` directions those that come back too. */
export interface LinkBetween {
  from: string;
  to: string;
  both: boolean;
  impairment: Impairment;
  seed?: number;
}
