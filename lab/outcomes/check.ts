/**
 * One thing that was looked at: the facts on which later code decides, and the sentences that a reader is told. Who
 * decides is given the facts alone (`Judged`), so nothing can depend on how a sentence is worded.
 */
import type { FailureKind } from '../agent/protocol.ts';
import type { LineResult } from '../wire/ladder/line-result.ts';

/**
 * What came of what was waited for. `nothing` and `part`: the time was over, and not all of it had come. `end`: the
 * peer's FIN came in its place. `more`: all of it, and something behind it. `other`: something else.
 */
export const CAME = ['all', 'nothing', 'part', 'end', 'more', 'other'] as const;
export type Came = (typeof CAME)[number];

export type Facts =
  /** The action itself, which did what it was to do. */
  | { kind: 'did' }
  /** What the step's own action found beside what was expected of it: an exit code, a lease, a welcome. */
  | { kind: 'action' }
  /** The scenario asks for what makes no sense as things are. */
  | { kind: 'mistake' }
  /** The network, or a kernel, said no (`failure`; absent where it did not); `claimed` is the kind that was to be. */
  | { kind: 'failed'; failure?: FailureKind; claimed?: FailureKind }
  | { kind: 'received'; came: Came }
  /** Events of the host `by`. `other`: events of clients, and none of them is the one. */
  | { kind: 'seen'; by: string; came: Came }
  | { kind: 'field'; name: string }
  /** Frames at the host `at`. `more`: a frame that must not be there. */
  | {
      kind: 'wire';
      at: string;
      came: Came;
      /** Its `why` is what a RST or an ICMP error that came means in general. */
      refusal?: true;
    }
  | { kind: 'sockets'; at: string }
  /** An expectation of the user's own, by its word. */
  | { kind: 'own'; word: string };

/** The facts of a check: all that may be decided on. */
export type Judged = Facts & {
  held: boolean;
  /** It could not be judged, so nothing is said to have gone wrong: frames may have passed unseen. */
  incomplete?: true;
};

/** The sentences. */
export interface Told {
  /** In the reader's words: `received HELLO`, `seen by echo: alice's own 10.50.1.21:40000`. */
  what: string;
  /** The same where the step's addresses and ports stand beside it. */
  brief?: string;
  expected?: string;
  found?: string;
  /** The evidence, in one line. */
  why?: string;
}

export type Check = Judged &
  Told & {
    /** Milliseconds that the expectation it belongs to was looked at. */
    took?: number;
    /** Lines of `wire:`, and the frames that met them; one that none met says where it should have been. */
    frames?: LineResult[];
  };
