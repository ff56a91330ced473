/** What an agent is asked of the cables of its host: to impair their frames, and to tell what it has done to them. */
import type { Stage, Tally } from './impairment.ts';
import type { Told } from './thread-calls.ts';

export interface CableCalls {
  /**
   * The cable of a card is opened where it is not yet, and its frames go through these stages too, behind those that
   * stand. It stays open.
   */
  impair(request: { card: string; id: string; stages: Stage[] }): Promise<void>;
  /** What those stages have done, which are gone now. Asking for what does not stand is no error. */
  relieve(request: { card: string; id: string }): Promise<Tally[]>;
  /** What was done to frames on the host's cables since the last time. Cables are named by their cards. */
  toldByCables(): Promise<Told>;
}
