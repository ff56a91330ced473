/** The parts of the machine’s file tree that hosts have, and those with a layer of the host’s own. */

/** The facts that do not change while a lab is up, found out once. */
export interface Ground {
  keep: readonly string[];
  /** Top folders that get a layer of the host's own. */
  layered: readonly string[];
}
