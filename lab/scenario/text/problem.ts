/** All problems of a scenario at once. */
import { LabError } from '../../errors.ts';
import type { Problem } from './one-problem.ts';
import { printProblemList } from './print.ts';

/** Every problem of one scenario, in the order of the file. */
export class ScenarioErrors extends LabError {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super('scenario', printProblemList(file, problems, { colour: false }), { where: problems[0]?.where });
    this.problems = problems;
  }
}
