/** A line of a scenario in a ladder. */

/** The result of a line of the scenario. */
export interface LineResult {
  /** The host at which the line was looked for. */
  at: string;
  line: string;
  /** The number of the frame in the timeline. */
  number?: number;
  /** For a missing frame, the one after which it should have come; absent where it could have come at any time. */
  after?: number;
  status: 'matched' | 'missing' | 'forbidden';
}
