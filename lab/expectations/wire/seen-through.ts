/** The wire that a step looks at, the frames that a host saw, and the words for a line that no frame met. */
import type { Sentences } from '../../outcomes/check.ts';
import type { WireView } from '../../outcomes/context.ts';
import type { Scope } from '../../wire/lines/condition.ts';
import type { SeenFrame } from '../../wire/timeline.ts';

export interface Looking {
  wire: WireView;
  scope: Scope;
  /** A reading of performance.now() by which everything has come. */
  deadline: number;
  /** Milliseconds for which nothing else may come after that. */
  hold: number;
}

/** The frames that were seen, and the host that saw them. */
export interface HostView {
  /** The host. */
  at: string;
  /** The frames of this host, in its order. */
  frames: readonly SeenFrame[];
  /** The frames of all hosts. */
  everywhere: readonly SeenFrame[];
  scope: Scope;
  /** Milliseconds since the Unix epoch. */
  began: number;
}

/** The frame that was found instead, and the reason, where it can be told. */
export interface Explained extends Pick<Sentences, 'found' | 'why'> {
  /** The why is what an answer that says no means in general. */
  refusal?: true;
}
