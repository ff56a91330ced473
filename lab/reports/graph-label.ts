/** The text in a host's box, for drawings that have no place for a table. */
import { type GraphHost, routeWords } from './graph.ts';
import { cut, oneLine, wrap } from './printable.ts';

/** Characters of a line, lines of routes, and networks of one route: a router may have hundreds. */
const LONGEST = 48;
const MOST_ROUTES = 3;
const MOST_NETWORKS = 2;

/** Name, address, program, rules; for a router its routes too. Routes of other hosts lead to a router, as expected. */
export function labelLines(host: GraphHost): string[] {
  const { name, node, program, router, interfaces, routes, rules } = host;
  return [
    name,
    ...(node === undefined ? [] : [`on ${node}`]),
    ...(interfaces.length === 1 ? interfaces[0]!.addresses : []),
    ...(interfaces.length === 0 ? ['no address'] : []),
    ...(router ? ['router'] : []),
    ...(program === undefined ? [] : [program]),
    ...rules,
    ...(router ? routes.slice(0, MOST_ROUTES).map((route) => routeWords(route, MOST_NETWORKS)) : []),
    ...(router && routes.length > MOST_ROUTES ? [`and ${routes.length - MOST_ROUTES} more next hops`] : []),
  ];
}

/** The impairments of a link, in lines that a drawing has room for: nothing is cut. */
export function linkLabel(link: string | undefined, most = LONGEST): string[] {
  return link === undefined ? [] : link.split(/[;,] /).flatMap((part) => wrap(part, most));
}

/** All facts of a host, for a tooltip, a line each. */
export function tooltipLines({ name, program, router, interfaces, routes, rules }: GraphHost): string[] {
  return [
    router ? `${name}, a router` : name,
    ...(program === undefined ? [] : [oneLine(program)]),
    ...interfaces.map(
      ({ name, network, addresses, link }) =>
        `${name} ${addresses.join(', ')} on ${network}${link === undefined ? '' : `: ${link}`}`,
    ),
    ...routes.map((route) => `${routeWords(route)} dev ${route.interface}`),
    ...rules.map(oneLine),
  ];
}

/** A text on one line, and no longer than a box should be. */
export function drawnWords(text: string): string {
  return cut(oneLine(text), LONGEST);
}
