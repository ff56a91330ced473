/** The calls about the cables of an agent's host: to impair their frames, and to tell what was done to frames. */
import type { Stage, Tally } from './impairment.ts';
import type { CableAccount } from './thread-calls.ts';

export interface CableCalls {
  /**
   * Opens the cable of a card where it is not open yet. Its frames then go through these stages too, behind those that it
   * has. The cable stays open.
   */
  impair(request: { card: string; id: string; stages: Stage[] }): Promise<void>;
  /** Removes the stages of this id, and returns their tallies. An id without stages is no error. */
  relieve(request: { card: string; id: string }): Promise<Tally[]>;
  /** The verdicts on the host's cables since the last call, and the tallies. Cables are named by their cards. */
  accountOfCables(): Promise<CableAccount>;
}
