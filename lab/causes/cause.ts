/** What a cause is: a look at the evidence of one failed step, which says what it shows, or nothing. */
import type { Evidence } from './evidence.ts';
import type { Station } from './station.ts';

export interface Cause {
  /** The file's name. */
  word: string;
  /**
   * One line in hosts' and networks' names. Undefined where the evidence does not show it for certain: a wrong cause
   * is worse than none. What is thrown counts as undefined, evidence that could not be had among it.
   */
  find(evidence: Evidence): Promise<string | undefined>;
}

/** One that is looked for at each host on a packet's way, and on the cable by which the packet leaves it. */
export interface WayCause {
  word: string;
  /** As a cause's own. */
  find(evidence: Evidence, station: Station): Promise<string | undefined>;
}
