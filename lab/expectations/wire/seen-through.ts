/** What a host saw, and what is said of a line that no frame met. */
import type { Sentences } from '../../outcomes/check.ts';
import type { Scope } from '../../wire/lines/condition.ts';
import type { SeenFrame } from '../../wire/timeline.ts';

/** What was seen, and through whose eyes. */
export interface HostView {
  /** The host. */
  at: string;
  /** What it saw, in its order. */
  frames: readonly SeenFrame[];
  /** What all hosts saw. */
  everywhere: readonly SeenFrame[];
  scope: Scope;
  /** Milliseconds since the Unix epoch. */
  began: number;
}

/** What was found instead, and why, where that can be told. */
export interface Explained extends Pick<Sentences, 'found' | 'why'> {
  /** The why is what an answer that says no means in general. */
  refusal?: true;
}
