/** The one way of this command's words to standard output and standard error. What others wrote is shown, never done. */
import { forTerminal, isRunner } from '../reports/for-terminal.ts';
import { coloured } from './terminal.ts';

/** Whole lines, to standard output. */
export function tell(text: string): void {
  process.stdout.write(shownOn(process.stdout, text));
}

/** Whole lines, to standard error: what is beside the result. */
export function note(text: string): void {
  process.stderr.write(shownOn(process.stderr, text));
}

/** What is one of our own commands to a runner; each text of others in it is written as its form wants it. */
export function command(text: string, stream: NodeJS.WriteStream): void {
  stream.write(text);
}

/** As it may be printed there, for whoever prints it himself. */
export function shownOn(stream: NodeJS.WriteStream, text: string): string {
  return forTerminal(text, { colour: coloured(stream), runner: isRunner(process.env) });
}

/** That an engine is being waited for. */
export function sayWaiting(line: string): void {
  note(`lanlab: ${line}\n`);
}
