/** The impairments of a link, as a scenario says them; and as its cables are told. */
import type { Impairment } from '../agent/cable/impairment.ts';

const LINK = 'link ';

/** The id of a link at its cables: for a network, or for a card such as `alice.lan`. */
export function linkId(name: string): string {
  return `${LINK}${name}`;
}

/** The name of a link, from its id. */
export function linkOf(id: string): string {
  return id.slice(LINK.length);
}

export type { Impairment, Matching, Stage, Trace } from '../agent/cable/impairment.ts';
export { FASTEST, MOST_HELD, OPPORTUNITY } from '../agent/cable/impairment.ts';

/**
 * The impairment of `both` directions alike, or of each direction. On a network every frame meets `both` once, on its
 * way out of its host's card. On one card a frame meets `both` on the way out and another one on the way in.
 */
export interface Link {
  both?: Impairment;
  out?: Impairment;
  in?: Impairment;
  /** Decides every draw; the planner makes one of the lab's name where it is absent. */
  seed?: number;
}

/** The impairment of frames from one host to another, and of those that come back too where it is for `both` directions. */
export interface LinkBetween {
  from: string;
  to: string;
  both: boolean;
  impairment: Impairment;
  seed?: number;
}
