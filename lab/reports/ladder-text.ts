/** A ladder for a terminal: a line for each frame, and one more where a state changes. */
import type { Arrow, Family, Fold, Ladder, Missing, Row } from '../wire/ladder/ladder.ts';
import { asideOf, leftOutWords, millisecondsOf, missingWords } from './ladder-words.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { cut, cutMiddle, oneLine } from './printable.ts';

export interface LadderTextOptions {
  colour: boolean;
  /** Columns of the terminal; 100 where it is absent. */
  width?: number;
  /** For terminals that have no lines and arrows. */
  ascii?: boolean;
}

interface Signs {
  lane: string;
  gone: string;
  line: string;
  dash: string;
  right: string;
  left: string;
  /** The heads of an arrow to a place where nobody captured. */
  openRight: string;
  openLeft: string;
  cross: string;
  lost: string;
  held: string;
  failed: string;
  /** Top, middle, bottom and the only row of a brace. */
  brace: [string, string, string, string];
  more: string;
}

const UNICODE: Signs = {
  lane: '│',
  gone: '┆',
  line: '─',
  dash: '╌',
  right: '▶',
  left: '◀',
  openRight: '▷',
  openLeft: '◁',
  cross: '┼',
  lost: '✗',
  held: '✓',
  failed: '✗',
  brace: ['╮', '│', '╯', '╴'],
  more: '⋯',
};

const ASCII: Signs = {
  lane: '|',
  gone: ':',
  line: '-',
  dash: '.',
  right: '>',
  left: '<',
  openRight: ')',
  openLeft: '(',
  cross: '+',
  lost: 'X',
  held: '*',
  failed: 'X',
  brace: ['.', '|', "'", '-'],
  more: '...',
};

const STYLES: Record<Family, Style> = {
  arp: 'yellow',
  icmp: 'magenta',
  udp: 'cyan',
  tcp: 'blue',
  other: 'dim',
};

/** The most columns of an arrow into the void. */
const VOID = 8;
/** Columns of the frame's number, of both number and time, and of the mark before the first lane. */
const NUMBER = 5;
const TIME = NUMBER + 11;
const MARK = 2;
/** The least and the greatest distance between lanes. */
const NARROWEST = 14;
/** Where more lanes than these do not fit, labels stand beside the arrows, and the lanes are narrow. */
const CROWD = 6;
const CROWDED = 7;
/** Half a state, which is the widest text at a lane. */
const CROWDED_MARGIN = 7;
/** The most characters of a lane's name. */
const NAME = 24;
const WIDEST = 34;

interface Drawing {
  signs: Signs;
  paint: Paint;
  ladder: Ladder;
  /** Column of each lane. */
  columns: number[];
  /** Columns of the lanes, and columns of the whole line. */
  inside: number;
  width: number;
  /** No arrow has room for its label. */
  crowded: boolean;
}

/** Ends with a newline. Lines are as long as they need to be where the lanes do not fit the width. */
export function ladderText(ladder: Ladder, options: LadderTextOptions): string {
  const drawing = plan(ladder, options);
  const lines = [
    ...heading(drawing),
    ...ladder.rows.flatMap((row, index) => rowLines(row, index, drawing)),
    ...(ladder.leftOut > 0 ? [drawing.paint('yellow', leftOutWords(ladder))] : []),
  ];
  const text = `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
  return options.ascii ? asciiOf(text) : text;
}

/** The text in ASCII. Names and texts may hold any character: those that ASCII does not have become question marks. */
function asciiOf(text: string): string {
  return text
    .replaceAll('→', '>')
    .replaceAll('…', '~')
    .replaceAll(/\P{ASCII}/gu, '?');
}

function plan(ladder: Ladder, { colour, width = 100, ascii = false }: LadderTextOptions): Drawing {
  const count = ladder.lanes.length;
  const longest = Math.max(12, ...ladder.lanes.map(({ name }) => Math.min(NAME, name.length)));
  const braces = ladder.spans.length > 0 ? 14 : 0;
  const wide = Math.ceil(longest / 2) + 1;
  const fits = (margin: number) =>
    Math.floor((width - TIME - MARK - 2 * margin - braces) / Math.max(1, count - 1));
  const crowded = count > CROWD && fits(wide) < NARROWEST;
  const margin = crowded ? CROWDED_MARGIN : wide;
  const apart = Math.min(WIDEST, Math.max(crowded ? CROWDED : NARROWEST, fits(margin)));
  const columns = ladder.lanes.map((_, lane) => margin + lane * apart);
  const inside = (columns.at(-1) ?? 0) + margin;
  const signs = ascii ? ASCII : UNICODE;
  return { signs, paint: painter({ colour }), ladder, columns, inside, width, crowded };
}

/** Names above their lanes, on as many lines as they need. A lane begins below its name. */
function heading({ ladder, columns, paint, signs }: Drawing): string[] {
  const offset = TIME + MARK;
  const lines = [`${'ms'.padStart(TIME - 1)} ${' '.repeat(MARK)}`];
  for (const [lane, { name }] of ladder.lanes.entries()) {
    const shown = cutMiddle(oneLine(name), NAME);
    const middle = offset + columns[lane]!;
    const start = Math.max(offset, middle - (shown.length >> 1));
    const free = lines.findIndex((line) => line.length + (lane > 0 ? 1 : 0) <= start);
    const line = free < 0 ? lines.length : free;
    lines[line] = (lines[line] ?? '').padEnd(start) + shown;
    for (const [below, text] of lines.entries())
      if (below > line && text.length <= middle) lines[below] = text.padEnd(middle) + signs.lane;
  }
  return lines.map((line) => paint('bold', line));
}

function rowLines(row: Row, index: number, drawing: Drawing): string[] {
  if (row.kind === 'fold') return [foldLine(row, index, drawing)];
  if (row.kind === 'missing') return [missingLine(row, index, drawing)];
  const lines = [arrowLine(row, index, drawing)];
  if (row.states.length > 0) lines.push(stateLine(row, index, drawing));
  return lines;
}

/** An empty row with its lanes, a character for each column. */
function canvas({ columns, inside, signs }: Drawing): string[] {
  const cells = Array.from({ length: inside }, () => ' ');
  for (const column of columns) cells[column] = signs.lane;
  return cells;
}

function put(cells: string[], at: number, text: string): void {
  for (const [offset, character] of Array.from(text).entries()) {
    if (at + offset >= 0 && at + offset < cells.length) cells[at + offset] = character;
  }
}

function arrowLine(row: Arrow, index: number, drawing: Drawing): string {
  const { signs, columns, paint } = drawing;
  const cells = canvas(drawing);
  const start = columns[row.from]!;
  const ends = row.to.map((lane) => columns[lane]!).filter((end) => end !== start);
  if (ends.length === 0) intoTheVoid(cells, start, drawing);
  else
    for (const end of farthest(start, ends))
      shaft(cells, start, end, drawing.crowded ? '' : row.label, headOf(row, start, end, signs), drawing);
  for (const end of ends)
    if (row.fate !== 'lost') cells[end + (end > start ? -1 : 1)] = headOf(row, start, end, signs);
  const [mark, style] = markOf(row, signs);
  const time =
    String(row.seen.number).padStart(NUMBER) + millisecondsOf(row.time).padStart(TIME - NUMBER - 1);
  // An arrow into the void is too short for its label, and so are all where lanes are narrow.
  const apart = ends.length === 0 || drawing.crowded;
  const aside = [apart ? row.label : '', asideOf(row)].filter((words) => words !== '').join(' ');
  const end = tail(aside, index, drawing, { least: apart ? row.label.length : 0 });
  return `${time} ${style ? paint(style, mark.padEnd(MARK)) : mark.padEnd(MARK)}${paint(STYLES[row.family], cells.join(''))}${end}`;
}

/** A short arrow that comes to nobody; its label stands beside it. */
function intoTheVoid(cells: string[], start: number, { signs }: Drawing): void {
  const room = Math.min(cells.length - start - 2, VOID);
  for (let offset = 1; offset <= room; offset += 1) cells[start + offset] = signs.line;
  cells[start + room + 1] = '?';
}

/** The outermost of several receivers on each side: the line passes the others. */
function farthest(start: number, ends: readonly number[]): number[] {
  const sides = [ends.filter((end) => end < start), ends.filter((end) => end > start)];
  return [Math.min(...sides[0]!), Math.max(...sides[1]!)].filter(Number.isFinite);
}

function headOf({ fate }: Arrow, start: number, end: number, signs: Signs): string {
  if (fate === 'lost') return signs.lost;
  if (fate === 'unseen') return end > start ? signs.openRight : signs.openLeft;
  return end > start ? signs.right : signs.left;
}

/** A line from one column to before another, with its label in the middle. The line of a lost frame ends midway. */
function shaft(
  cells: string[],
  start: number,
  end: number,
  label: string,
  head: string,
  drawing: Drawing,
): void {
  const { signs, columns } = drawing;
  const step = end > start ? 1 : -1;
  const stop = head === signs.lost ? Math.round(start + (end - start) * 0.75) : end - step;
  for (let at = start + step; at !== stop; at += step)
    cells[at] = columns.includes(at) ? signs.cross : signs.line;
  cells[stop] = head;
  write(cells, start, stop, label, columns);
}

/** The label between two columns, kept off lanes where there is room beside them. */
function write(cells: string[], start: number, end: number, label: string, columns: readonly number[]): void {
  const [low, high] = [Math.min(start, end), Math.max(start, end)];
  const near = columns.filter((column) => column > low && column < high);
  // A long arrow has its label in its first gap.
  const limit = start < end ? Math.min(high, ...near) : high;
  const from = start < end ? low : Math.max(low, ...near);
  const room = limit - from - 5;
  if (room < 3 || label === '') return;
  const shown = ` ${cut(oneLine(label), room)} `;
  put(cells, from + 1 + Math.max(1, (limit - from - 1 - shown.length) >> 1), shown);
}

function stateLine(row: Arrow, index: number, drawing: Drawing): string {
  const cells = canvas(drawing);
  const beside: string[] = [];
  let free = 0;
  for (const { lane, state } of row.states.toSorted((a, b) => a.lane - b.lane)) {
    const start = Math.max(0, drawing.columns[lane]! - (state.length >> 1));
    if (start < free) beside.push(`${drawing.ladder.lanes[lane]!.name} ${state}`);
    else {
      put(cells, start, state);
      free = start + state.length + 1;
    }
  }
  return `${' '.repeat(TIME + MARK)}${cells.join('')}${tail(beside.join(', '), index, drawing, { second: true })}`;
}

function foldLine(row: Fold, index: number, drawing: Drawing): string {
  const { columns, signs, paint } = drawing;
  const cells = canvas(drawing);
  const middle = (columns[row.from]! + columns[row.to]!) >> 1;
  const text = ` ${signs.more} ${row.label} ${signs.more} `;
  put(cells, Math.max(0, middle - (text.length >> 1)), text);
  return `${' '.repeat(TIME + MARK)}${paint('dim', cells.join(''))}${tail('', index, drawing)}`;
}

function missingLine(row: Missing, index: number, drawing: Drawing): string {
  const { columns, signs, paint } = drawing;
  const cells = canvas(drawing);
  const start = columns[row.from ?? -1];
  const ends = row.to.map((lane) => columns[lane]!);
  if (start !== undefined && ends.length > 0) {
    const [least, most] = [Math.min(start, ...ends), Math.max(start, ...ends)];
    for (let at = least + 1; at < most; at++) if (at !== start) cells[at] = signs.dash;
    if (least < start) cells[least + 1] = signs.left;
    if (most > start) cells[most - 1] = signs.right;
    write(cells, start, most - start > start - least ? most : least, 'missing', columns);
  }
  const line = `${' '.repeat(TIME)}${signs.failed.padEnd(MARK)}${cells.join('')}`;
  return paint('red', line) + tail(missingWords(row), index, drawing);
}

function markOf({ marks }: Arrow, signs: Signs): [string, Style | undefined] {
  if (marks.some(({ status }) => status === 'forbidden')) return [signs.failed, 'red'];
  return marks.length > 0 ? [signs.held, 'green'] : ['', undefined];
}

interface Tail {
  /** This is the row's second line. */
  second?: boolean;
  /** Characters at the beginning that are not cut off: a label that stands nowhere else. */
  least?: number;
}

/** The most characters of a label that is not cut off, also where there is less room. */
const MOST_LABEL = 48;

/** The braces, then the words beside the row. */
function tail(
  words: string,
  index: number,
  drawing: Drawing,
  { second = false, least = 0 }: Tail = {},
): string {
  const { ladder, signs, paint, width, inside } = drawing;
  const columns = Math.max(0, ...ladder.spans.map(({ column }) => column + 1));
  const cells = Array.from({ length: columns }, () => ' ');
  const names: string[] = [];
  const row = ladder.rows[index];
  const two = row?.kind === 'arrow' && row.states.length > 0;
  for (const { name, first, last, column } of ladder.spans) {
    if (index < first || index > last) continue;
    const top = index === first && !second;
    const bottom = index === last && (second || !two);
    cells[column] = signs.brace[top && bottom ? 3 : top ? 0 : bottom ? 2 : 1];
    if (top) names.push(name);
  }
  const said = [...names, ...(words === '' ? [] : [oneLine(words)])].join('; ');
  const room = Math.max(
    drawing.crowded ? 40 : 24,
    Math.min(least, MOST_LABEL),
    width - TIME - MARK - inside - columns - 1,
  );
  return said === '' ? cells.join('') : `${cells.join('')} ${paint('dim', cut(said, room))}`;
}
