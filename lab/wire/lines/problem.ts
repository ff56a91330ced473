/** What is wrong with a line, and where in it. */
export interface LineProblem {
  /** Of the line, from 1. */
  column: number;
  length: number;
  message: string;
  hint?: string;
  /** What may stand there. */
  allowed?: readonly string[];
  /** The word that is none of those, for whoever looks for the nearest of them. */
  word?: string;
}
