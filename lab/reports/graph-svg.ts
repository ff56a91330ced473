/** A topology as an SVG file that needs nothing beside it: the drawing of the report's page, and the routes below. */
import type { Graph } from './graph.ts';
import { routeLines, ruleLines } from './graph-text.ts';
import { COLOURS, MONO, SANS } from './ladder-style.ts';
import { type Markup, tag } from './markup.ts';
import { drawingOf } from './topology.ts';
import { TOPOLOGY_STYLE, topologySvg } from './topology-svg.ts';

const PAD = 20;
const TITLE = 34;
/** A chain of three networks fits across. */
const WIDTH = 1400;
const LINE = 17;
/** Columns of the table, its most lines, and the width of a character in it. */
const COLUMNS = 140;
const MOST_LINES = 40;
const CHARACTER = 6.9;

const STYLE = `${COLOURS}
${TOPOLOGY_STYLE}
.paper{fill:var(--paper)}
.title{font:600 15px ${SANS};fill:var(--ink)}
.line{font:11.5px ${MONO};fill:var(--muted);white-space:pre}`;

export function graphSvg(graph: Graph, title: string): string {
  const topology = drawingOf(graph, WIDTH);
  const lines = tableLines(graph);
  const longest = Math.max(0, ...lines.map((line) => line.length)) * CHARACTER;
  const width = Math.ceil(2 * PAD + Math.max(topology.width, longest, title.length * 9));
  const below = PAD + TITLE + topology.height;
  const height = below + (lines.length > 0 ? PAD + lines.length * LINE : 0) + PAD;
  const picture = tag(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    tag('title', {}, title),
    { markup: `<style>${STYLE}</style>` },
    tag('rect', { class: 'paper', width, height, rx: 8 }),
    tag('text', { class: 'title', x: PAD, y: PAD + 14 }, title),
    tag('g', { transform: `translate(${PAD},${PAD + TITLE})` }, topologySvg(topology, title)),
    lines.map((text, index) => lineOf(text, below + PAD + (index + 1) * LINE - 5)),
  );
  return `${picture.markup}\n`;
}

function lineOf(text: string, y: number): Markup {
  return tag('text', { class: 'line', x: PAD, y, 'xml:space': 'preserve' }, text);
}

/** The lines below the picture. In a lab of many networks the routes would be longer than the picture. */
function tableLines(graph: Graph): string[] {
  const lines = [...routeLines(graph, COLUMNS), ...ruleLines(graph, COLUMNS)];
  return lines.length <= MOST_LINES ? lines : ['routes: point at a host, or see lanlab graph --format text'];
}
