/** A line of a scenario in a ladder. */

/** What came of a line of the scenario. */
export interface LineResult {
  /** The host at which it was looked for. */
  at: string;
  line: string;
  /** Of the frame in the timeline. */
  number?: number;
  /** For a missing one: it should have come after this frame; absent where it could have come at any time. */
  after?: number;
  status: 'matched' | 'missing' | 'forbidden';
}
