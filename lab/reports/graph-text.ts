/** A topology as text: the networks, each with its hosts, then the routes, and the rules of routers and firewalls. */
import { type Graph, type GraphHost, networksOf, routeTable, routeWords } from './graph.ts';
import { type Paint, painter } from './paint.ts';
import { cut, hanging, oneLine, wrap } from './printable.ts';

export interface GraphTextOptions {
  colour: boolean;
  /** Columns; 100 where it is absent. */
  width?: number;
}

const WIDTH = 100;
/** The most columns for the names of hosts that share their routes: longer lists are wrapped. */
const NAMES = 30;

/** The networks and their hosts, the routes, and the rules of NATs and firewalls. */
export function graphText(graph: Graph, options: GraphTextOptions): string {
  const [paint, width] = [painter(options), widthOf(options) - 4];
  return [
    networksText(graph, options),
    block('routes', routeLines(graph, width), paint),
    block('rules', ruleLines(graph, width), paint),
  ]
    .filter((block) => block !== '')
    .join('\n');
}

/** The networks, each with its hosts (name, address, whether it is a router, program), and the links. */
export function networksText(graph: Graph, options: GraphTextOptions): string {
  const { networks, hosts } = graph;
  const paint = painter(options);
  const lines = networks.flatMap(({ name, subnets, notes }) => {
    const rows = hosts.flatMap((host) =>
      host.interfaces.filter(({ network }) => network === name).map(({ addresses }) => ({ host, addresses })),
    );
    const longest = Math.max(...rows.map(({ host }) => host.name.length));
    const widths = subnets.map((_, index) =>
      Math.max(15, ...rows.map(({ addresses }) => addresses[index]?.length ?? 0)),
    );
    return [
      `  ${paint('bold', name)} ${[...subnets, ...notes].join(', ')}`,
      ...rows.map(({ host, addresses }, index) => {
        const corner = index === rows.length - 1 ? '└─' : '├─';
        const columns = widths.map((width, column) => (addresses[column] ?? '').padEnd(width));
        const line = `  ${corner} ${host.name.padEnd(longest)}  ${columns.join('  ')} `;
        const aside = cut(asideOf(host, name), widthOf(options) - line.length);
        return (line + paint('dim', aside)).trimEnd();
      }),
    ];
  });
  const links = block('links', linkLines(graph, widthOf(options) - 4), paint);
  return `${lines.join('\n')}\n${links && `\n${links}`}`;
}

/** `on a`, `router to yard`, and the host's program. */
function asideOf(host: GraphHost, here: string): string {
  const elsewhere = networksOf(host).filter((network) => network !== here);
  return [
    ...(host.node === undefined ? [] : [`on ${host.node}`]),
    ...(host.router ? [['router', ...elsewhere].join(elsewhere.length > 0 ? ' to ' : '')] : []),
    ...(host.program === undefined ? [] : [oneLine(host.program)]),
  ].join(', ');
}

/** Hosts that share their routes, beside these routes: two columns, both wrapped, so that nothing is cut off. */
export function routeLines(graph: Graph, width: number): string[] {
  const rows = routeTable(graph).map(({ hosts, routes }) => ({
    names: hosts.join(', '),
    ways: routes.map((route) => `${routeWords(route)} dev ${route.interface}`),
  }));
  return columns(rows, width);
}

/** The links of networks, and of cards (`alice.lan`). */
export function linkLines({ networks, hosts }: Graph, width: number): string[] {
  const cards = hosts.flatMap(({ name, interfaces }) =>
    interfaces.map(({ network, link }) => ({ name: `${name}.${network}`, link })),
  );
  const rows = [...networks, ...cards].flatMap(({ name, link }) =>
    link === undefined ? [] : [{ names: name, ways: link.split('; ') }],
  );
  return columns(rows, width);
}

export function ruleLines({ hosts }: Graph, width: number): string[] {
  const rows = hosts
    .filter(({ rules }) => rules.length > 0)
    .map(({ name, rules }) => ({ names: name, ways: rules.map(oneLine) }));
  return columns(rows, width);
}

function columns(rows: readonly { names: string; ways: string[] }[], width: number): string[] {
  const column = Math.min(NAMES, Math.max(0, ...rows.map(({ names }) => names.length)));
  return rows.flatMap(({ names, ways }) => {
    const left = wrap(names, column);
    const right = ways.flatMap((way) => hanging('', 2, way, width - column - 2));
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
      `${(left[index] ?? '').padEnd(column)}  ${right[index] ?? ''}`.trimEnd(),
    );
  });
}

function block(title: string, lines: readonly string[], paint: Paint): string {
  if (lines.length === 0) return '';
  return `  ${paint('bold', title)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

function widthOf({ width }: GraphTextOptions): number {
  return Math.max(40, width ?? WIDTH);
}
