/** The meaning of lines in a lab, and one condition of a line on a frame. */
import type { Card, SeenFrame } from '../timeline.ts';
import type { End } from './line.ts';

/** The numbers of a segment, counted from the first ones of its side and of the other side. */
export interface RelativeNumbers {
  relativeSequence: number;
  relativeAcknowledgement: number;
}

/** The step's conversation. Lines without ports between its two ends are about it. */
export interface BoundConversation {
  protocol: 'udp' | 'tcp';
  /** Both ends have their ports. */
  local: End;
  /** Absent where only this end is known. */
  remote?: End;
}

export interface Scope {
  /** All of the lab's cards. */
  cards: readonly Card[];
  conversation?: BoundConversation | undefined;
  /** Undefined for a frame without TCP. */
  segment?(seen: SeenFrame): RelativeNumbers | undefined;
  /** Whether bytes of a segment were seen from its sender before; undefined for what is not TCP. */
  resent?(seen: SeenFrame): boolean | undefined;
}

export interface Condition {
  holds(seen: SeenFrame): boolean;
  /** The difference of a frame, in words: `ttl is 63, not 64`. */
  differs(seen: SeenFrame): string;
  /** The distance of a frame, where it helps to find the one that was meant; compared only with that of other frames. */
  distance?(seen: SeenFrame): number;
}

/** A condition whose difference is made of the wanted and the found value. */
export interface Plain {
  /** The beginning of a sentence: `ttl is`, `flags are`. */
  subject: string;
  wanted: string;
  holds(seen: SeenFrame): boolean;
  found(seen: SeenFrame): string;
  distance?(seen: SeenFrame): number;
}

export function condition({ subject, wanted, found, ...measures }: Plain): Condition {
  return { ...measures, differs: (seen) => `${subject} ${found(seen)}, not ${wanted}` };
}
