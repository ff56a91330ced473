/** A cause: a look at the evidence of one failed step. It returns a line where the evidence shows this cause. */
import type { Evidence } from './evidence/evidence.ts';
import type { PathHost } from './evidence/path-host.ts';

interface Named {
  /** The file's name. */
  word: string;
  /** The line says which host answered with a RST or an ICMP error, and why: it replaces the general meaning of these. */
  saysRefusal?: true;
}

export interface Cause extends Named {
  /**
   * One line with the names of hosts and networks. Undefined where the evidence does not show it for certain: a wrong
   * cause is worse than none. Rejects with Unanswered where a host does not give evidence: then there is no cause
   * either. Any other error is a bug, and ends the run.
   */
  find(evidence: Evidence): Promise<string | undefined>;
}

/** A cause that is looked for at each host on a packet's way, and on the cable by which the packet leaves this host. */
export interface PathCause extends Named {
  /** The same as `find` of a cause. */
  find(evidence: Evidence, pathHost: PathHost): Promise<string | undefined>;
}
