/**
 * One thing that was looked at: the facts on which later code decides, and the sentences for a reader. Code that
 * decides is given the facts alone (`Judged`), so no decision can depend on the words of a sentence.
 */
import type { FailureKind } from '../agent/protocol.ts';
import type { LineResult } from '../wire/ladder/line-result.ts';

/**
 * The result of a wait. `nothing` and `part`: the time was over, and nothing or only a part had come. `end`: the
 * peer's FIN came instead. `more`: all of it came, and something after it. `other`: something else came.
 */
export const CAME = ['all', 'nothing', 'part', 'end', 'more', 'other'] as const;
export type Came = (typeof CAME)[number];

export type Facts =
  /** The action itself was done. */
  | { kind: 'did' }
  /** A check of the step's own action, beside its expectations: an exit code, a lease, a welcome. */
  | { kind: 'action' }
  /** The scenario asks for something that makes no sense in this situation. */
  | { kind: 'mistake' }
  /** The network, or a kernel, refused (`failure`; absent where it did not). `claimed` is the kind that was expected. */
  | { kind: 'failed'; failure?: FailureKind; claimed?: FailureKind }
  | { kind: 'received'; came: Came }
  /** Events of the host `by`. `other`: events of clients came, but not the expected one. */
  | { kind: 'seen'; by: string; came: Came }
  | { kind: 'field'; name: string }
  /** Frames at the host `at`. `more`: a frame that must not be there. */
  | {
      kind: 'wire';
      at: string;
      came: Came;
      /** A RST or an ICMP error came, and `why` is its general meaning. */
      refusal?: true;
    }
  | { kind: 'sockets'; at: string }
  /** An expectation of the user's own, by its word. */
  | { kind: 'own'; word: string };

/** The facts of a check: decisions may use nothing else. */
export type Judged = Facts & {
  held: boolean;
  /** The check could not be judged, because frames may have passed unseen. It is not a failure. */
  incomplete?: true;
};

/** The sentences. */
export interface Told {
  /** In words for a reader: `received HELLO`, `seen by echo: alice's own 10.50.1.21:40000`. */
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
    /** Milliseconds for which its expectation was looked at. */
    took?: number;
    /** Lines of `wire:`, and the frames that matched them. A line without a frame has the place where it should have been. */
    frames?: LineResult[];
  };
