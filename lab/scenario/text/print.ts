/** The text of a scenario's problems, exactly as a user sees it. */
import { styleText } from 'node:util';
import type { Problem } from './one-problem.ts';

export interface PrintOptions {
  colour: boolean;
}

/** Characters that are shown of one long line. */
const WIDTH = 100;
/** More problems than this help nobody; the rest are counted. */
const MOST_SHOWN = 50;
const MOST_ALLOWED = 24;

/** The parts of ScenarioErrors that are printed. */
interface Errors {
  problems: readonly Problem[];
  where?: { file: string } | undefined;
}

/** Every problem with its place, the line it stands on, what is allowed and the hint; then how many there are. */
export function printProblems(error: Errors, options: PrintOptions): string {
  return printProblemList(error.where?.file ?? '', error.problems, options);
}

/** As printProblems, for problems that are not yet an error. */
export function printProblemList(file: string, problems: readonly Problem[], options: PrintOptions): string {
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => printProblem(problem, options));
  const rest = problems.length - shown.length;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const more = rest > 0 ? `${rest} of them not shown; ` : '';
  return [...shown, `${count} in ${file}; ${more}nothing was started.\n`].join('\n');
}

type Format = Parameters<typeof styleText>[0];

function painter({ colour }: PrintOptions): (format: Format, text: string) => string {
  return (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text);
}

function printProblem(problem: Problem, options: PrintOptions): string {
  const paint = painter(options);
  const { file, line, column } = problem.where;
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  const cut = excerpt(problem.line, column - 1, problem.length);
  const carets = ' '.repeat(cut.start) + '^'.repeat(cut.length);
  return [
    `${paint('bold', `${printable(file)}:${line}:${column}`)}: ${paint('red', printable(problem.message))}`,
    `  ${paint('dim', `${number} |`)} ${cut.text}`.trimEnd(),
    `  ${paint('dim', `${gutter} |`)} ${paint('red', carets)}`,
    ...(problem.hint ? [`  ${paint('green', printable(problem.hint))}`] : []),
    ...(problem.allowed?.length ? [`  allowed here: ${printable(listed(problem.allowed))}`] : []),
    '',
  ].join('\n');
}

function listed(words: readonly string[]): string {
  const rest = words.length - MOST_ALLOWED;
  return words.slice(0, MOST_ALLOWED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The part of a long line around the problem, and the place of the problem in that part. */
function excerpt(
  line: string,
  start: number,
  length: number,
): { text: string; start: number; length: number } {
  const from = line.length <= WIDTH || start < WIDTH / 2 ? 0 : start - WIDTH / 2;
  const text = printable(line).slice(from, from + WIDTH);
  const before = from > 0 ? '…' : '';
  const after = line.length > from + WIDTH ? '…' : '';
  const room = Math.max(1, text.length - (start - from));
  return {
    text: before + text + after,
    start: before.length + start - from,
    length: Math.min(Math.max(1, length), room),
  };
}

/** One character for one: tabs can be seen, and nothing in a file can steer the terminal. */
function printable(text: string): string {
  return text
    .replaceAll('\t', '→')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (c) =>
      '\ufffd'.repeat(c.length),
    );
}
