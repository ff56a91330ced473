/** The standard error of a failed step's command, as a terminal shows it: a long one without its middle. */
import type { Paint } from './paint.ts';
import { cut, plural, visible } from './printable.ts';

/** Lines that are shown of each end, and the most characters of a line: a longer one is cut. */
const HEAD_LINES = 20;
const TAIL_LINES = 30;
const LINE_CHARACTERS = 500;

/** Columns before a line: those of `why` and its neighbours. */
const COLUMNS = 12;

/** Lines as they were written, so that columns and indents stand. `whole`: nothing is left out. */
export function stderrLines(stderr: string, { whole, paint }: { whole: boolean; paint: Paint }): string[] {
  const lines = linesOf(stderr);
  const hidden = whole ? 0 : lines.length - HEAD_LINES - TAIL_LINES;
  // The note about hidden lines takes a line too.
  const shown =
    hidden > 1
      ? [
          ...lines.slice(0, HEAD_LINES),
          paint('dim', `… ${plural(hidden, 'more line')}; --verbose shows all …`),
          ...lines.slice(-TAIL_LINES),
        ]
      : lines;
  const label = `  ${paint('dim', 'stderr  ')}  `;
  return shown.map((line, index) => {
    const text = whole ? line : cut(line, LINE_CHARACTERS);
    return (index === 0 ? label : ' '.repeat(COLUMNS)) + text;
  });
}

/** For a report of one line: the last line, in which most programs tell the error. */
export function lastLineOf(stderr: string): string {
  return cut(linesOf(stderr).findLast((line) => line.trim() !== '') ?? '', LINE_CHARACTERS);
}

function linesOf(stderr: string): string[] {
  return visible(stderr).replace(/\n+$/, '').split('\n');
}
