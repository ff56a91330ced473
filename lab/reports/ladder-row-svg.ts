/** One row of a ladder as shapes. Its colours are classes: ladder-style.ts. */
import type { Arrow, Fold, Ladder, Missing, Row } from '../wire/ladder/ladder.ts';
import { braceAt, type Geometry } from './ladder-geometry.ts';
import { all, type Content, type Markup, tag } from './markup.ts';
import { cut, oneLine } from './printable.ts';

/** The places of the arrow's line and of the states in the row. */
const LINE = 21;
const LABEL = LINE - 6;
const STATE = 36;
/** The width of a character of a label, and of a state. */
const LABEL_CHARACTER = 6.7;
const STATE_CHARACTER = 6.6;
const HEAD = 8;
/** The part of its way after which a lost frame ends in the picture. */
const LOST_AFTER = 0.68;
/** The length of an arrow to nobody, and its least distance from the next lane. */
const VOID = 180;
const BESIDE = 16;

export function laneShapes({ lanes }: Geometry): Markup {
  return all(lanes.map((x) => tag('line', { class: 'lane', x1: x, x2: x, y1: 0, y2: '100%' })));
}

export function rowShapes(row: Row, index: number, ladder: Ladder, geometry: Geometry): Markup {
  const shapes = { arrow: arrowShapes, fold: foldShapes, missing: missingShapes };
  return all(
    (shapes[row.kind] as (row: Row, geometry: Geometry) => Markup)(row, geometry),
    braceShapes(index, ladder, geometry),
  );
}

function arrowShapes(row: Arrow, geometry: Geometry): Markup {
  const start = geometry.lanes[row.from]!;
  const ends = row.to.map((lane) => geometry.lanes[lane]!).filter((end) => end !== start);
  const states = row.states.map(({ lane, state }) => stateShape(geometry.lanes[lane]!, state));
  const classes = ['arrow', row.family, row.fate, ...row.marks.map(({ status }) => status)].join(' ');
  const arrow = ends.length === 0 ? voidShapes(row, start, geometry) : wayShapes(row, start, ends);
  return all(tag('g', { class: classes }, arrow), states);
}

function wayShapes(row: Arrow, start: number, ends: readonly number[]): Markup {
  const far = ends.toSorted((a, b) => Math.abs(b - start) - Math.abs(a - start))[0]!;
  const lost = row.fate === 'lost';
  const shafts = outermost(start, ends).map((end) => (lost ? lostShapes(start, end) : shaftTo(start, end)));
  const heads = lost
    ? []
    : ends.filter((end) => end !== start).map((end) => head(end, Math.sign(end - start)));
  const origin = tag('circle', { class: 'origin', cx: start, cy: LINE, r: 2.5 });
  return all(
    shafts,
    heads,
    origin,
    labelShape(row.label, start, lost ? start + (far - start) * LOST_AFTER : far),
  );
}

/** The ends of a line from `start` that reaches all of `ends`. */
function outermost(start: number, ends: readonly number[]): number[] {
  return [Math.min(start, ...ends), Math.max(start, ...ends)].filter((x) => x !== start);
}

/** A shaft that leaves room for the head at its end. */
function shaftTo(start: number, end: number): Markup {
  return shaft(start, end - Math.sign(end - start) * HEAD);
}

function shaft(from: number, to: number, name = 'shaft'): Markup {
  return tag('line', { class: name, x1: from, x2: to, y1: LINE, y2: LINE });
}

function head(x: number, way: number): Markup {
  return tag('path', { class: 'head', d: `M${x} ${LINE}l${-way * (HEAD + 1)} -4.5v9z` });
}

function lostShapes(start: number, end: number): Markup {
  const x = Math.round(start + (end - start) * LOST_AFTER);
  return all(
    shaft(start, x),
    shaft(x, end, 'unfinished'),
    tag('path', { class: 'cross', d: `M${x - 5} ${LINE - 5}l10 10m0 -10l-10 10` }),
  );
}

/** The end of an arrow that leads to no lane: on the side that has room. */
function stubFrom(start: number, { inside, lanes: [first = 0, second = inside] }: Geometry): number {
  const length = Math.min(VOID, second - first - BESIDE);
  return start + length + HEAD < inside ? start + length : start - length;
}

function voidShapes(row: Arrow, start: number, geometry: Geometry): Markup {
  const end = stubFrom(start, geometry);
  const way = Math.sign(end - start);
  const target = tag('circle', { class: 'nowhere', cx: end + way * 4, cy: LINE, r: 4 });
  return all(shaft(start, end), target, labelShape(row.label, start, end));
}

function labelShape(label: string, start: number, end: number): Markup {
  const room = Math.max(3, Math.floor((Math.abs(end - start) - 16) / LABEL_CHARACTER));
  return tag('text', { class: 'label', x: (start + end) / 2, y: LABEL }, cut(oneLine(label), room));
}

function stateShape(x: number, state: string): Markup {
  const width = Math.round(state.length * STATE_CHARACTER + 12);
  return tag(
    'g',
    { class: `state ${state === 'ESTABLISHED' ? 'open' : ''}`.trimEnd() },
    tag('rect', { x: x - width / 2, y: STATE - 8, width, height: 16, rx: 8 }),
    tag('text', { x, y: STATE + 3.5 }, state),
  );
}

function foldShapes(row: Fold, { lanes }: Geometry): Markup {
  const [left, right] = [lanes[row.from]!, lanes[row.to]!];
  return tag(
    'g',
    { class: `fold ${row.family}` },
    tag('path', { class: 'shaft', d: `M${left} 14H${right}` }),
    tag('text', { class: 'label', x: (left + right) / 2, y: 18 }, row.label),
  );
}

function missingShapes({ from, to }: Missing, geometry: Geometry): Markup {
  const { lanes, inside } = geometry;
  const start = lanes[from ?? -1];
  const ends = to.map((lane) => lanes[lane]!);
  if (start !== undefined && ends.length > 0) {
    const far = ends.toSorted((a, b) => Math.abs(b - start) - Math.abs(a - start))[0]!;
    return missingGroup(
      outermost(start, ends).map((end) => shaftTo(start, end)),
      ends.map((end) => head(end, Math.sign(end - start))),
      labelShape('missing', start, far),
    );
  }
  // Where one end is not known, there is a stub at the other.
  const known = start ?? ends[0];
  if (known === undefined || ends.length > 1) {
    const middle = ((lanes[0] ?? 0) + (lanes.at(-1) ?? inside)) / 2;
    return missingGroup(tag('text', { class: 'label', x: middle, y: LABEL + 4 }, 'missing'));
  }
  const unknown = stubFrom(known, geometry);
  const [left, right] = start === undefined ? [unknown, known] : [known, unknown];
  return missingGroup(
    shaftTo(left, right),
    head(right, Math.sign(right - left)),
    labelShape('missing', left, right),
  );
}

function missingGroup(...shapes: Content[]): Markup {
  return tag('g', { class: 'missing' }, ...shapes);
}

/** The braces at one row, as high as the row. */
function braceShapes(index: number, { spans }: Ladder, geometry: Geometry): Markup {
  return all(
    spans
      .filter(({ first, last }) => index >= first && index <= last)
      .map(({ name, first, last, column }) => {
        const x = braceAt(geometry, column);
        const [top, bottom] = [index === first ? 8 : 0, index === last ? LINE + 5 : '100%'];
        return tag(
          'g',
          { class: 'brace' },
          tag('line', { x1: x, x2: x, y1: top, y2: bottom }),
          index === first ? tag('path', { d: `M${x - 5} ${top}h5` }) : undefined,
          index === last ? tag('path', { d: `M${x - 5} ${LINE + 5}h5` }) : undefined,
          index === first ? tag('text', { x: x + 7, y: top + 8 }, name) : undefined,
        );
      }),
  );
}
