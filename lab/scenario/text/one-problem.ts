/** One thing that is wrong with a scenario. */
import type { Where } from '../../errors.ts';

export interface Problem {
  where: Where;
  /** The line as it stands in the file, without its end. */
  line: string;
  /** How many characters from `where.column` on are meant. */
  length: number;
  message: string;
  /** The words that could stand there instead. */
  allowed?: readonly string[] | undefined;
  /** How to correct it. */
  hint?: string | undefined;
}
