/** A mistake in a line, and its place. */
import type { Hint } from './hint.ts';

/** A mistake at one place of a line. */
export interface LineProblem {
  /** Column in the line, from 1. */
  column: number;
  length: number;
  message: string;
  hint?: Hint;
  /** The words that may stand there. */
  allowed?: readonly string[];
  /** The wrong word, so that a message can name the nearest of the allowed ones. */
  word?: string;
}
