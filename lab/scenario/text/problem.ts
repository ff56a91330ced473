/** What is wrong with a scenario, all of it at once. */
import { LabError, type Where } from '../../errors.ts';
import { printProblemList } from './print.ts';

export interface Problem {
  where: Where;
  /** The line as it stands in the file, without its end. */
  line: string;
  /** How many characters from `where.column` on are meant. */
  length: number;
  message: string;
  /** What could stand there instead. */
  allowed?: readonly string[] | undefined;
  /** How to put it right. */
  hint?: string | undefined;
}

/** Everything that is wrong with one scenario, in the order of the file. */
export class ScenarioErrors extends LabError {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super('scenario', printProblemList(file, problems, { colour: false }), { where: problems[0]?.where });
    this.problems = problems;
  }
}
