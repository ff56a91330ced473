/** What a cause is: a look at the evidence of one failed step, which says what it shows, or nothing. */
import type { Evidence } from './evidence/evidence.ts';
import type { PathHost } from './evidence/path-host.ts';

interface Named {
  /** The file's name. */
  word: string;
  /** It says who answered with a RST or an ICMP error, and why: what that means in general need not be said beside it. */
  saysRefusal?: true;
}

export interface Cause extends Named {
  /**
   * One line in hosts' and networks' names. Undefined where the evidence does not show it for certain: a wrong cause
   * is worse than none. Rejects with Unanswered where evidence cannot be had, which is no cause either; whatever else
   * is thrown is a bug, and ends the run.
   */
  find(evidence: Evidence): Promise<string | undefined>;
}

/** One that is looked for at each host on a packet's way, and on the cable by which the packet leaves it. */
export interface PathCause extends Named {
  /** As a cause's own. */
  find(evidence: Evidence, pathHost: PathHost): Promise<string | undefined>;
}
