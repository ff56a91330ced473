/** A lab's networks and hosts as SVG; its colours are classes (TOPOLOGY_STYLE, beside ladder-style.ts). */
import { MONO, SANS } from './ladder-style.ts';
import { type Markup, tag } from './markup.ts';
import { cut, oneLine } from './printable.ts';
import type { Cable, PlacedHost, PlacedNetwork, Topology } from './topology.ts';

export const TOPOLOGY_STYLE = `.zone rect{fill:var(--raised);stroke:var(--edge)}
.zone .bus{stroke:var(--accent);stroke-width:3;stroke-linecap:round}
.zone .net{font:600 13px ${SANS};fill:var(--ink)}
.zone .subnet{font:11.5px ${MONO};fill:var(--muted);text-anchor:end}
.host rect{fill:var(--paper);stroke:var(--rail)}
.host.router rect{stroke:var(--accent);stroke-width:1.5}
.host .name{font:600 12.5px ${SANS};fill:var(--ink);text-anchor:start}
.host .address,.cable text{font:11px ${MONO};fill:var(--muted);text-anchor:start}
.host .program{font:11px ${SANS};fill:var(--accent)}
.cable path{fill:none;stroke:var(--accent);stroke-width:1.8}
.cable text{text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:6px}`;

/** `name` is what it is called, `label` what a screen reader says: the page has both beside it as text. */
export function topologySvg(topology: Topology, label: string, name = 'topology'): Markup {
  const { width, height, networks, hosts, cables } = topology;
  return tag(
    'svg',
    { class: name, width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    networks.map(zone),
    cables.map(cable),
    hosts.map(hostBox),
  );
}

function zone({ name, subnet, x, y, width, height }: PlacedNetwork): Markup {
  return tag(
    'g',
    { class: 'zone' },
    tag('rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 8 }),
    tag('line', { class: 'bus', x1: x + 8, x2: x + width - 8, y1: y + 1.5, y2: y + 1.5 }),
    tag('text', { class: 'net', x: x + 14, y: y + 22 }, cut(oneLine(name), 40)),
    tag('text', { class: 'subnet', x: x + width - 14, y: y + 22 }, subnet),
  );
}

function hostBox({ name, program, address, router, x, y, width, height }: PlacedHost): Markup {
  const lines = [
    tag('text', { class: 'address', x: x + 12, y: y + 34 }, cut(address ?? (router ? '' : 'no address'), 17)),
    program === undefined
      ? undefined
      : tag('text', { class: 'program', x: x + 12, y: y + (router ? 34 : 48) }, cut(oneLine(program), 19)),
  ];
  return tag(
    'g',
    { class: router ? 'host router' : 'host' },
    tag('rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 6 }),
    tag('text', { class: 'name', x: x + 12, y: y + 19 }, cut(oneLine(name), 16)),
    lines,
  );
}

function cable({ points, address, at }: Cable): Markup {
  const [first, ...rest] = points.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  return tag(
    'g',
    { class: 'cable' },
    tag('path', { d: `M${first}${rest.map((point) => `L${point}`).join('')}` }),
    tag('text', { x: Math.round(at.x), y: Math.round(at.y) + 4 }, address),
  );
}
