/** What went wrong, on standard error, and the exit code that follows from it. */
import { Overloaded } from '../agent/protocol.ts';
import { LabError, type LabErrorCode } from '../errors.ts';
import { printProblems } from '../scenario/print.ts';
import { ScenarioErrors } from '../scenario/problem.ts';
import { note } from './say.ts';
import { coloured } from './terminal.ts';

/** 0 all held, 1 something did not, 2 scenario or call wrong, 3 no engine can run it, 130 interrupted. */
const EXIT_CODES: Record<LabErrorCode, number> = {
  scenario: 2,
  usage: 2,
  unsupported: 3,
  'no-engine': 3,
  engine: 3,
  image: 3,
  program: 3,
  agent: 3,
  capture: 2,
  interrupted: 130,
};

const DO_LESS = 'run fewer labs or hosts at a time, or wait until it has less to do';

export async function complain(error: unknown): Promise<number> {
  if (error instanceof ScenarioErrors) {
    note(printProblems(error, { colour: coloured(process.stderr) }));
    return EXIT_CODES.scenario;
  }
  if (error instanceof Overloaded) {
    note(`lanlab: the machine has too much to do: ${error.message}\n  hint: ${DO_LESS}\n`);
    return EXIT_CODES.engine;
  }
  if (error instanceof LabError) {
    const place = error.where ? `${error.where.file}:${error.where.line}:${error.where.column}: ` : '';
    const hint = error.hint === undefined ? '' : `  hint: ${error.hint}\n`;
    note(`lanlab: ${place}${error.message}\n${hint}`);
    return EXIT_CODES[error.code];
  }
  const few = (await import('../few-descriptors.ts')).fewDescriptors(error);
  if (few) return complain(few);
  note(`lanlab: this is a bug in lanlab, please report it:\n${(error as Error)?.stack ?? error}\n`);
  return 70;
}
