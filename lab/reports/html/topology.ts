/** The lab on a page: a drawing for wide screens, one for narrow ones, and the same as text. */
import { type Graph, graphOf, routeTable, routeWords } from '../graph.ts';
import { type Markup, tag } from '../markup.ts';
import { plural } from '../printable.ts';
import type { RunResult } from '../result.ts';
import { drawingOf } from '../topology.ts';
import { topologySvg } from '../topology-svg.ts';

const WIDE = 1120;
const NARROW = 340;

export function topologyMarkup(run: Pick<RunResult, 'networks' | 'hosts'>): Markup {
  const label = `${plural(run.networks.length, 'network')}, ${plural(run.hosts.length, 'host')}: the table below says the same`;
  const graph = graphOf(run);
  return tag(
    'section',
    { class: 'lab' },
    tag('h2', {}, 'Topology'),
    tag('div', { class: 'scroll' }, topologySvg(drawingOf(graph, WIDE), label, 'topology wide')),
    tag('div', { class: 'scroll' }, topologySvg(drawingOf(graph, NARROW), label, 'topology narrow')),
    tag(
      'details',
      { class: 'hosts' },
      tag('summary', {}, 'Hosts and addresses'),
      tag('div', { class: 'scroll' }, table(run)),
    ),
    routes(graph),
  );
}

function table({ hosts }: Pick<RunResult, 'hosts'>): Markup {
  const rows = hosts.flatMap(({ name, interfaces, program }) =>
    (interfaces.length > 0 ? interfaces : [undefined]).map((card) =>
      tag(
        'tr',
        {},
        tag('th', { scope: 'row' }, name),
        [card?.network, card?.addresses.join(', '), card && `${card.name} ${card.mac}`, program].map((text) =>
          tag('td', {}, text ?? ''),
        ),
      ),
    ),
  );
  return headed(['host', 'network', 'address', 'card', 'program'], rows);
}

/** The routes of hosts, and the rules of NATs and firewalls. */
function routes(graph: Graph): Markup | undefined {
  const ways = routeTable(graph).flatMap(({ hosts, routes }) =>
    routes.map((route) => row(hosts.join(', '), routeWords(route), route.interface)),
  );
  const rules = graph.hosts.flatMap((host) => host.rules.map((line) => row(host.name, line, '')));
  if (ways.length + rules.length === 0) return undefined;
  return tag(
    'details',
    { class: 'hosts' },
    tag('summary', {}, 'Routes'),
    tag('div', { class: 'scroll' }, headed(['hosts', 'route', 'card'], [...ways, ...rules])),
  );
}

function row(head: string, ...cells: string[]): Markup {
  return tag(
    'tr',
    {},
    tag('th', { scope: 'row' }, head),
    cells.map((text) => tag('td', {}, text)),
  );
}

function headed(heads: readonly string[], rows: readonly Markup[]): Markup {
  const columns = heads.map((text) => tag('th', { scope: 'col' }, text));
  return tag('table', {}, tag('thead', {}, tag('tr', {}, columns)), tag('tbody', {}, rows));
}
