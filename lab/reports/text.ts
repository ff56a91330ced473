/** The report for a person: the hosts, then two lines for each step, then the result. */
import type { Choice } from '../engines/index.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import { showTime } from '../outcomes/show.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import { graphOf } from './graph.ts';
import { networksText } from './graph-text.ts';
import { type Paint, painter } from './paint.ts';
import { cut, hanging, oneLine, wrap } from './printable.ts';
import { placeOf } from './result.ts';
import { stderrLines } from './stderr-text.ts';

export interface TextOptions {
  colour: boolean;
  /** Columns of the terminal; 100 where it is absent. */
  width?: number;
  /** Show all that a command has written. */
  verbose?: boolean;
}

const WIDTH = 100;
/** The indent of the lines below a step. */
const INDENT = ' '.repeat(5);
/** The most lines for the action and the checks of a step that held. */
const DETAIL_LINES = 2;

/** The lab, its engine, and why this engine was taken. */
export function headingText(
  { lab, about }: Pick<Scenario, 'lab' | 'about'>,
  { report, why }: Pick<Choice, 'report' | 'why'>,
  options: TextOptions,
): string {
  const paint = painter(options);
  const title =
    about === undefined ? paint('bold', oneLine(lab)) : `${paint('bold', oneLine(lab))}: ${oneLine(about)}`;
  const on = report.version === undefined ? report.name : `${report.name} (${oneLine(report.version)})`;
  const [only, ...more] = why;
  if (only !== undefined && more.length === 0) return `${title}\non ${on}, ${oneLine(only)}\n`;
  return `${[title, `on ${on}`, ...why.map((line) => `  ${oneLine(line)}`)].join('\n')}\n`;
}

/** The networks, each with its hosts: name, address, program. */
export function topologyText(plan: Plan, options: TextOptions): string {
  return networksText(graphOf(plan), options);
}

/** One step that is over. */
export function stepText(result: StepResult, options: TextOptions): string {
  const paint = painter(options);
  const { name, index, took, shows, skipped, status } = result;
  const aside = oneLine([...(skipped ? [] : [showTime(took)]), ...shows].join(', '));
  const head = `${mark(status, paint)} ${String(index).padStart(2)} ${paint('bold', oneLine(name))}`;
  const lines = {
    held: () => heldLines(result, inside(options)).map((line) => paint('dim', line)),
    failed: () => failedLines(result, options, paint),
    incomplete: () => failedLines(result, options, paint),
    skipped: () => wrap(`skipped: ${skipped?.why}`, inside(options)),
  }[status]();
  const first = aside === '' ? head : `${head} ${paint('dim', `(${aside})`)}`;
  return [first, ...lines.map((line) => INDENT + line), ''].join('\n');
}

/** The action and the checks, in two lines at most. */
function heldLines(result: StepResult, width: number): string[] {
  const found = result.checks.filter(({ kind }) => kind !== 'did');
  return fill([actionOf(result), ...found.map(({ what, brief }) => brief ?? what)].map(oneLine), width);
}

/** `bob: tcp …`, but not `bob: bob listens …`; an action on the whole lab has no host before it. */
function actionOf({ at, did, explained }: StepResult): string {
  return at === 'lab' || explained ? did : `${at}: ${did}`;
}

/** Pieces on as few lines as possible, each cut at the width. Pieces beyond the last line are counted. */
function fill(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    const rest = pieces.length - index;
    const longer = lines.length > 0 ? `${lines.at(-1)}; ${piece}` : piece;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else if (lines.length < DETAIL_LINES) lines.push(cut(piece, width));
    else {
      const more = `; … ${rest} more`;
      lines[lines.length - 1] = cut(lines.at(-1)!, width - more.length) + more;
      break;
    }
  }
  return lines;
}

function failedLines(result: StepResult, options: TextOptions, paint: Paint): string[] {
  const { checks, where, stderr } = result;
  const width = inside(options);
  return [
    ...wrap(actionOf(result), width),
    ...checks.flatMap((check) =>
      check.held
        ? [`${mark('held', paint)} ${cut(oneLine(check.what), width - 2)}`]
        : failedCheck(check, width, paint),
    ),
    ...(stderr === undefined ? [] : stderrLines(stderr, { whole: options.verbose ?? false, paint })),
    paint('dim', `at ${oneLine(placeOf(where))}`),
  ];
}

/** A check that did not hold, with nothing cut off. */
function failedCheck(check: Check, width: number, paint: Paint): string[] {
  const { what, incomplete, expected, found, why } = check;
  const rows = Object.entries({ expected, found, why });
  return [
    ...hanging(`${mark(incomplete ? 'incomplete' : 'failed', paint)} `, 2, what, width),
    ...rows.flatMap(([label, text]) =>
      text === undefined ? [] : hanging(`  ${paint('dim', label.padEnd(8))}  `, 12, text, width),
    ),
  ];
}

/** The columns of the layout; a narrower terminal breaks the lines itself. */
export function widthOf({ width }: TextOptions): number {
  return Math.max(40, width ?? WIDTH);
}

function inside(options: TextOptions): number {
  return widthOf(options) - INDENT.length;
}

/** `✓`, `✗`, `?` where the result is not certain, `-` */
export function mark(status: StepResult['status'], paint: Paint): string {
  if (status === 'held') return paint('green', '✓');
  if (status === 'skipped') return paint('yellow', '-');
  return paint(['red', 'bold'], status === 'failed' ? '✗' : '?');
}
