/** Prints an error on standard error, and returns the exit code that follows from it. */
import { Overloaded } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import { printProblems } from '../scenario/text/print.ts';
import { ScenarioErrors } from '../scenario/text/problem.ts';
import { EXIT_OF } from './exit-codes.ts';
import { note } from './say.ts';
import { coloured } from './terminal.ts';

const DO_LESS =
  'run fewer labs or hosts at a time, or be more patient, for instance --patience 3 (LANLAB_PATIENCE=3)';

export async function complain(error: unknown): Promise<number> {
  if (error instanceof ScenarioErrors) {
    note(printProblems(error, { colour: coloured(process.stderr) }));
    return EXIT_OF.scenario;
  }
  if (error instanceof Overloaded) {
    note(`lanlab: the machine has too much to do: ${error.message}\n  hint: ${DO_LESS}\n`);
    return EXIT_OF.engine;
  }
  if (error instanceof LabError) {
    const place = error.where ? `${error.where.file}:${error.where.line}:${error.where.column}: ` : '';
    const hint = error.hint === undefined ? '' : `  hint: ${error.hint}\n`;
    note(`lanlab: ${place}${error.message}\n${hint}`);
    return EXIT_OF[error.code];
  }
  const few = (await import('../engines/few-descriptors.ts')).fewDescriptors(error);
  if (few) return complain(few);
  note(`lanlab: this is a bug in lanlab, please report it:\n${(error as Error)?.stack ?? error}\n`);
  return 70;
}
