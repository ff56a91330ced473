/** A ladder as an SVG file that needs no other file: light or dark, as its reader's screen is. */
import type { Arrow, Ladder, Row } from '../wire/ladder/ladder.ts';
import { type Geometry, geometryOf, heightOf } from './ladder-geometry.ts';
import { laneShapes, rowShapes } from './ladder-row-svg.ts';
import { COLOURS, LADDER_STYLE, MONO, SANS } from './ladder-style.ts';
import { arrowWords, asideOf, leftOutWords, millisecondsOf } from './ladder-words.ts';
import { all, type Content, type Markup, tag } from './markup.ts';
import { cut, cutMiddle, oneLine } from './printable.ts';

export interface LadderSvgOptions {
  /** The title above the ladder, also for a screen reader. */
  title?: string;
}

const PAD = 16;
const TIME = 74;
/** The title's line, and the line with the names of the lanes. */
const TITLE = 34;
const NAMES = 40;
/** The most characters of a name: lanes must not touch. */
const NAME = 17;
const TITLE_CHARACTER = 9;
const ASIDE_CHARACTER = 6.4;
const ASIDE_MOST = 60;

const STYLE = `${COLOURS}
${LADDER_STYLE}
.paper{fill:var(--paper)}
.title{font:600 15px ${SANS};fill:var(--ink)}
.name{font:600 13px ${SANS};fill:var(--ink);text-anchor:middle}
.address{font:10.5px ${MONO};fill:var(--muted);text-anchor:middle}
.time{font:11px ${MONO};fill:var(--muted);text-anchor:end}
.aside{font:11.5px ${SANS};fill:var(--muted)}
.tick{font:700 13px ${SANS};fill:var(--good);text-anchor:middle}
.tick.bad,.aside.bad{fill:var(--bad)}`;

export function ladderSvg(ladder: Ladder, { title }: LadderSvgOptions = {}): string {
  const geometry = geometryOf(ladder);
  const top = PAD + (title === undefined ? 0 : TITLE) + NAMES;
  const heights = ladder.rows.map(heightOf);
  const bottom = top + heights.reduce((sum, height) => sum + height, 0) + 12;
  const asides = ladder.rows.map((row) => cut(oneLine(asideOf(row)), ASIDE_MOST));
  const aside = Math.max(0, ...asides.map((text) => text.length)) * ASIDE_CHARACTER;
  const content = PAD + TIME + geometry.width + aside + PAD;
  const width = Math.ceil(Math.max(content, 2 * PAD + (title?.length ?? 0) * TITLE_CHARACTER));
  const height = bottom + (ladder.leftOut > 0 ? 24 : 0) + PAD;
  let y = top;
  const rows = ladder.rows.map((row, index) => {
    const at = y;
    y += heights[index]!;
    return rowGroup(row, index, at, asides[index]!, ladder, geometry);
  });
  const picture = tag(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    tag('title', {}, title ?? 'A ladder of frames'),
    { markup: `<style>${STYLE}</style>` },
    tag('rect', { class: 'paper', width, height, rx: 8 }),
    title === undefined ? undefined : tag('text', { class: 'title', x: PAD, y: PAD + 14 }, title),
    tag('text', { class: 'time', x: PAD + TIME - 26, y: top - 7 }, 'ms'),
    names(ladder, geometry, top),
    tag('svg', { x: PAD + TIME, y: top, width: geometry.inside, height: bottom - top }, laneShapes(geometry)),
    rows,
    ladder.leftOut > 0
      ? tag('text', { class: 'aside', x: PAD + TIME, y: bottom + 16 }, leftOutWords(ladder))
      : undefined,
  );
  return `${picture.markup}\n`;
}

function names({ lanes }: Ladder, geometry: Geometry, top: number): Markup {
  return all(
    lanes.map(({ name, addresses }, lane) => {
      const x = PAD + TIME + geometry.lanes[lane]!;
      const [address] = addresses;
      return [
        tag('text', { class: 'name', x, y: top - 22 }, cutMiddle(oneLine(name), NAME)),
        address === undefined || address === name
          ? undefined
          : tag('text', { class: 'address', x, y: top - 7 }, cutMiddle(address, 20)),
      ];
    }),
  );
}

function rowGroup(
  row: Row,
  index: number,
  y: number,
  aside: string,
  ladder: Ladder,
  geometry: Geometry,
): Markup {
  const height = heightOf(row);
  const wrong =
    row.kind === 'missing' ||
    (row.kind === 'arrow' && row.marks.some(({ status }) => status === 'forbidden'));
  const shapes: Content[] = [
    row.kind === 'arrow' ? tag('title', {}, wordsOf(row, ladder)) : undefined,
    row.kind === 'arrow'
      ? tag('text', { class: 'time', x: PAD + TIME - 26, y: 25 }, millisecondsOf(row.time))
      : undefined,
    tick(row, wrong),
    tag('svg', { x: PAD + TIME, width: geometry.width, height }, rowShapes(row, index, ladder, geometry)),
    aside === ''
      ? undefined
      : tag('text', { class: wrong ? 'aside bad' : 'aside', x: PAD + TIME + geometry.width, y: 25 }, aside),
  ];
  return tag('g', { transform: `translate(0,${y})` }, ...shapes);
}

function tick(row: Row, wrong: boolean): Markup | undefined {
  if (!wrong && (row.kind !== 'arrow' || row.marks.length === 0)) return undefined;
  return tag('text', { class: wrong ? 'tick bad' : 'tick', x: PAD + TIME - 12, y: 25 }, wrong ? '✗' : '✓');
}

function wordsOf(row: Arrow, { lanes }: Ladder): string {
  return `${arrowWords(row, lanes)}: ${oneLine(row.line)}`;
}
