/** The only way of this command's text to standard output and standard error. Text of others cannot act on a terminal. */
import { forTerminal, isRunner } from '../reports/for-terminal.ts';
import { coloured } from './terminal.ts';

/** Prints whole lines to standard output. */
export function tell(text: string): void {
  process.stdout.write(shownOn(process.stdout, text));
}

/** Prints whole lines to standard error: everything beside the result. */
export function note(text: string): void {
  process.stderr.write(shownOn(process.stderr, text));
}

/** Prints a command of our own to a CI runner. The caller has escaped each text of others in it. */
export function command(text: string, stream: NodeJS.WriteStream): void {
  stream.write(text);
}

/** The text as it may be printed there, for code that prints it itself. */
export function shownOn(stream: NodeJS.WriteStream, text: string): string {
  return forTerminal(text, { colour: coloured(stream), runner: isRunner(process.env) });
}

/** Says that an engine is being waited for. */
export function sayWaiting(line: string): void {
  note(`lanlab: ${line}\n`);
}
