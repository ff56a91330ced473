/** What lines mean in a lab, and one condition of theirs on a frame. */
import type { Card, SeenFrame } from '../timeline.ts';
import type { End } from './line.ts';

/** The numbers of a segment, counted from where its side and the other began. */
export interface RelativeNumbers {
  relativeSequence: number;
  relativeAcknowledgement: number;
}

/** A conversation that lines without ports are about, where they go between its two ends. */
export interface BoundConversation {
  protocol: 'udp' | 'tcp';
  /** Both with their ports. */
  local: End;
  /** Absent where only this end is known. */
  remote?: End;
}

export interface Scope {
  /** All of the lab's cards. */
  cards: readonly Card[];
  conversation?: BoundConversation | undefined;
  /** Undefined for what is not TCP. */
  segment?(seen: SeenFrame): RelativeNumbers | undefined;
}

export interface Condition {
  holds(seen: SeenFrame): boolean;
  /** What keeps a frame from it, in words: `ttl is 63, not 64`. */
  differs(seen: SeenFrame): string;
  /** How far a frame is from it, where that says which one was meant; compared only with that of other frames. */
  distance?(seen: SeenFrame): number;
}

/** A condition whose difference is told from what is wanted and what is found. */
export interface Plain {
  /** Begins a sentence: `ttl is`, `flags are`. */
  subject: string;
  wanted: string;
  holds(seen: SeenFrame): boolean;
  found(seen: SeenFrame): string;
  distance?(seen: SeenFrame): number;
}

export function condition({ subject, wanted, found, ...measures }: Plain): Condition {
  return { ...measures, differs: (seen) => `${subject} ${found(seen)}, not ${wanted}` };
}
