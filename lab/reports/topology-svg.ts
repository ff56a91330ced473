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
.host .what,.host .rule{font:italic 11px ${SANS};fill:var(--muted)}
.host .link,.zone .link{font:11px ${SANS};fill:var(--accent)}
.host .program{font:11px ${SANS};fill:var(--accent)}
.cable path{fill:none;stroke:var(--accent);stroke-width:1.8;stroke-linejoin:round}
.cable rect{fill:var(--paper)}
.cable text{text-anchor:middle}`;

/** `name` is its class, `label` its text for a screen reader: the page has both beside it as text. */
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

function zone({ name, subnet, link, x, y, width, height }: PlacedNetwork): Markup {
  return tag(
    'g',
    { class: 'zone' },
    tag('rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 8 }),
    tag('line', { class: 'bus', x1: x + 8, x2: x + width - 8, y1: y + 1.5, y2: y + 1.5 }),
    tag('text', { class: 'net', x: x + 14, y: y + 22 }, cut(oneLine(name), 40)),
    tag('text', { class: 'subnet', x: x + width - 14, y: y + 22 }, subnet),
    link.map((text, index) => tag('text', { class: 'link', x: x + 14, y: y + 38 + 14 * index }, text)),
  );
}

function hostBox({ name, router, lines, tooltip, x, y, width, height }: PlacedHost): Markup {
  const room = Math.floor((width - 18) / 6);
  return tag(
    'g',
    { class: router ? 'host router' : 'host' },
    tooltip.length === 0 ? undefined : tag('title', {}, tooltip.join('\n')),
    tag('rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 6 }),
    tag('text', { class: 'name', x: x + 12, y: y + 19 }, cut(oneLine(name), Math.floor((width - 18) / 7.2))),
    lines.map(({ kind, text }, index) =>
      tag('text', { class: kind, x: x + 12, y: y + 34 + 14 * index }, cut(text, room)),
    ),
  );
}

function cable({ points, address, x, y, width, height }: Cable): Markup {
  const rounded = points.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  const [first, ...rest] = rounded.filter((point, index) => point !== rounded[index - 1]);
  const corner = { x: Math.round(x - width / 2), y: Math.round(y - height / 2) };
  return tag(
    'g',
    { class: 'cable' },
    tag('path', { d: `M${first}${rest.map((point) => `L${point}`).join('')}` }),
    tag('rect', { ...corner, width, height }),
    tag('text', { x: Math.round(x), y: Math.round(y) + 4 }, address),
  );
}
