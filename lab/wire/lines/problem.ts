/** What is wrong with a line, and where in it. */
import type { Hint } from './hint.ts';

/** Somewhere in a line. */
export interface LineProblem {
  /** Of the line, from 1. */
  column: number;
  length: number;
  message: string;
  hint?: Hint;
  /** What may stand there. */
  allowed?: readonly string[];
  /** The word that is none of those, for whoever looks for the nearest of them. */
  word?: string;
}
