/** A ladder as a list of frames, each a button that opens its bytes. Without a script it can be read as text. */
import type { Arrow, Fold, Ladder, Missing, Row } from '../../wire/ladder/ladder.ts';
import type { Names } from '../../wire/names.ts';
import { type Geometry, geometryOf, heightOf } from '../ladder-geometry.ts';
import { laneShapes, rowShapes } from '../ladder-row-svg.ts';
import { arrowWords, fateWords, leftOutWords, millisecondsOf } from '../ladder-words.ts';
import { type Content, type Markup, tag } from '../markup.ts';
import { cut, cutMiddle, oneLine, plural } from '../printable.ts';
import type { PackedFrames } from './frames.ts';

export interface LadderPart {
  /** The subject of the ladder, for a screen reader. */
  label: string;
  /** The part of a frame's key before its number. */
  prefix: string;
  frames: PackedFrames;
  names: Names;
}

/** The most rows of a ladder on a page: from its beginning, and from its end. */
const FROM_BEGINNING = 160;
const FROM_END = 40;
/** Rows that a fold shows when it is opened. */
const IN_FOLD = 12;

interface Drawing extends LadderPart {
  ladder: Ladder;
  geometry: Geometry;
}

export function ladderMarkup(ladder: Ladder, part: LadderPart): Markup {
  const drawing: Drawing = { ...part, ladder, geometry: geometryOf(ladder) };
  const rows = ladder.rows.map((row, index) => [row, index] as const);
  const many = rows.length > FROM_BEGINNING + FROM_END;
  const [head, rest] = many ? [rows.slice(0, FROM_BEGINNING), rows.slice(-FROM_END)] : [rows, []];
  const item = ([row, index]: readonly [Row, number]) => rowItem(row, index, drawing);
  return tag(
    'div',
    { class: `ladder ${sizeOf(drawing.geometry)}` },
    laneNames(drawing),
    tag(
      'ol',
      { 'aria-label': part.label },
      head.map(item),
      many ? tag('li', { class: 'more' }, leftOut(rows.length - FROM_BEGINNING - FROM_END)) : undefined,
      rest.map(item),
      ladder.leftOut > 0 ? tag('li', { class: 'more' }, leftOutWords(ladder)) : undefined,
    ),
  );
}

function leftOut(rows: number): string {
  return `… ${plural(rows, 'row')} left out here: lanlab ladder draws a whole capture …`;
}

/** The class of a ladder's width: wide ladders are made smaller on paper. */
function sizeOf({ width }: Geometry): string {
  if (width > 900) return 'huge';
  return width > 520 ? 'wide' : 'slim';
}

function laneNames({ ladder, geometry }: Drawing): Markup {
  const names = ladder.lanes.map(({ name, addresses: [address] }, lane) => {
    const x = geometry.lanes[lane]!;
    const below = address === undefined || address === name ? undefined : cutMiddle(oneLine(address), 20);
    return [
      tag('text', { class: 'name', x, y: 14 }, cut(oneLine(name), 18)),
      below === undefined ? undefined : tag('text', { class: 'address', x, y: 28 }, below),
    ];
  });
  const svg = tag('svg', { 'aria-hidden': 'true', width: geometry.width, height: 34 }, names);
  return tag('div', { class: 'lanes' }, tag('span', { class: 'when', 'aria-hidden': 'true' }, 'ms'), svg);
}

function rowItem(row: Row, index: number, drawing: Drawing): Markup {
  if (row.kind === 'fold') return foldItem(row, index, drawing);
  if (row.kind === 'missing') return missingItem(row, index, drawing);
  return arrowItem(row, draw(row, index, drawing), drawing);
}

/** The drawing of one row. Its lanes are as high as the text beside them. */
function draw(row: Row, index: number, { ladder, geometry }: Drawing): Markup {
  const svg = tag(
    'svg',
    { width: geometry.width },
    laneShapes(geometry),
    rowShapes(row, index, ladder, geometry),
  );
  return tag('span', { class: `draw w${geometry.width} h${heightOf(row)}`, 'aria-hidden': 'true' }, svg);
}

function arrowItem(row: Arrow, drawn: Markup, { prefix, frames, names, ladder }: Drawing): Markup {
  const { number } = row.seen;
  const key = `${prefix}${number}`;
  frames.add(key, row.seen, row.line, names);
  const forbidden = row.marks.some(({ status }) => status === 'forbidden');
  const classes = ['row', ...(row.marks.length > 0 ? [forbidden ? 'wrong' : 'right'] : [])];
  const states = row.states.map(({ lane, state }) => `${ladder.lanes[lane]?.name} is now ${state}`);
  const words = [`${arrowWords(row, ladder.lanes)}: ${oneLine(row.line)}`, ...states].join('; ');
  const button = tag(
    'button',
    { type: 'button', 'data-frame': key, tabindex: -1, 'aria-expanded': 'false' },
    when(String(number), millisecondsOf(row.time), forbidden ? '✗' : row.marks.length > 0 ? '✓' : ''),
    drawn,
    tag('span', { class: 'sr' }, words),
    tag('span', { class: 'aside' }, aside(row)),
  );
  return tag('li', { class: classes.join(' ') }, button);
}

function when(number: string, time: string, mark: string): Markup {
  return tag(
    'span',
    { class: 'when' },
    tag('span', { class: 'number' }, number),
    tag('span', { class: 'time' }, time),
    tag('span', { class: 'tick' }, mark),
  );
}

function aside(row: Arrow): Content {
  const { others, notes, marks } = row;
  const heard = others.length > 0 ? [`also heard by ${others.join(', ')}`] : [];
  const said = [...row.beyond, ...fateWords(row), ...heard, ...notes].map((text) =>
    tag('span', { class: 'note' }, text),
  );
  const lines = marks.map(({ status, line }) =>
    tag(
      'span',
      { class: status },
      status === 'forbidden' ? 'forbidden ' : tag('span', { class: 'sr' }, 'expected '),
      tag('code', {}, line),
    ),
  );
  return [...said, ...lines];
}

function foldItem(row: Fold, index: number, drawing: Drawing): Markup {
  const shown = row.rows.slice(0, IN_FOLD);
  const more = row.rows.length - shown.length;
  // The braces of the whole ladder do not go through a fold.
  const inside = { ...drawing, ladder: { ...drawing.ladder, spans: [] } };
  return tag(
    'li',
    { class: 'row folded' },
    tag(
      'details',
      {},
      tag(
        'summary',
        {},
        tag('span', { class: 'when' }, tag('span', { class: 'number' }, '…')),
        draw(row, index, drawing),
        tag('span', { class: 'sr' }, `${row.label}, folded`),
      ),
      tag(
        'ol',
        {},
        shown.map((arrow) => arrowItem(arrow, draw(arrow, -1, inside), inside)),
        more > 0 ? tag('li', { class: 'more' }, `… ${more} more like these …`) : undefined,
      ),
    ),
  );
}

function missingItem(row: Missing, index: number, drawing: Drawing): Markup {
  return tag(
    'li',
    { class: 'row wrong absent' },
    tag(
      'div',
      {},
      when('', '', '✗'),
      draw(row, index, drawing),
      tag(
        'span',
        { class: 'aside' },
        tag('span', { class: 'missing-line' }, `missing at ${row.at}`, tag('code', {}, row.line)),
      ),
    ),
  );
}

/** Rules for the widths and heights in the class names of drawings: the page's policy allows no inline style. */
export function sizeRules(markup: string): string {
  const found = new Set(markup.match(/class="draw w\d+ h\d+"/g) ?? []);
  const sizes = [...found].flatMap((one) => one.match(/[wh]\d+/g) ?? []);
  return [...new Set(sizes)]
    .sort()
    .map((name) => `.${name}{${name.startsWith('w') ? 'width' : 'min-height'}:${name.slice(1)}px}`)
    .join('\n');
}
