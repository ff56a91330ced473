/** What of the machine’s file tree hosts have, and what has a layer of their own. */

/** What does not change while a lab is up, found out once. */
export interface Ground {
  keep: readonly string[];
  /** Top folders that get a layer of the host's own. */
  layered: readonly string[];
}
