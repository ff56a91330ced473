/**
 * A topology as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html). Networks and hosts are nodes with made-up
 * ids, so that Mermaid takes no name for a word of its own (`end`, `graph`, `class`). Texts are quoted.
 */
import { type Graph, type GraphHost, routeTable, routeWords } from './graph.ts';
import { drawnWords, labelLines, linkLabel } from './graph-label.ts';
import { oneLine } from './printable.ts';

export function graphMermaid(graph: Graph, title: string): string {
  const networks = new Map(graph.networks.map(({ name }, index) => [name, `n${index}`]));
  const lines = [
    'flowchart LR',
    ...graph.networks.map(({ name, subnets, notes, link }, index) =>
      node(`n${index}`, '([', [name, ...subnets, ...notes, ...linkLabel(link)], '])'),
    ),
    ...graph.hosts.flatMap((host, index) => hostLines(host, `h${index}`, networks)),
    ...classLines(graph),
    ...commentLines(graph),
  ];
  const [head, ...rest] = lines;
  // The title is in YAML, and a JSON string is YAML too.
  const matter = ['---', `title: ${JSON.stringify(oneLine(title))}`, '---'];
  return `${[...matter, head, ...rest.map((line) => `  ${line}`)].join('\n')}\n`;
}

function node(id: string, open: string, lines: readonly string[], close: string): string {
  return `${id}${open}"${lines.map(escapeLabel).join('<br/>')}"${close}`;
}

function hostLines(host: GraphHost, id: string, networks: ReadonlyMap<string, string>): string[] {
  const [open, close] = host.router ? ['{{', '}}'] : ['[', ']'];
  const cables = host.interfaces.map(({ network, addresses, link }) => {
    const to = networks.get(network)!;
    // With several cables each has its address as a label. A single address stands below the name.
    const label = [...(host.interfaces.length === 1 ? [] : addresses), ...linkLabel(link)];
    return label.length === 0
      ? `${to} --- ${id}`
      : `${to} ---|"${label.map(escapeLabel).join('<br/>')}"| ${id}`;
  });
  return [node(id, open, labelLines(host), close), ...cables];
}

/** Classes for the lines alone: the theme has the colours, light and dark. */
function classLines({ networks, hosts }: Graph): string[] {
  const routers = hosts.flatMap(({ router }, index) => (router ? [`h${index}`] : []));
  return [
    'classDef network stroke-width:3px',
    ...(networks.length > 0 ? [`class ${networks.map((_, index) => `n${index}`).join(',')} network`] : []),
    ...(routers.length > 0
      ? ['classDef router stroke-width:2px,font-weight:bold', `class ${routers.join(',')} router`]
      : []),
  ];
}

/** The routes, for which labels have no room. Mermaid ignores lines that begin with `%%`. */
function commentLines(graph: Graph): string[] {
  return routeTable(graph).flatMap(({ hosts, routes }) =>
    routes.map((route) => `%% ${hosts.join(', ')}: ${routeWords(route)} dev ${route.interface}`),
  );
}

/** The characters of a label that need an escape: they may have a meaning in Mermaid, Markdown or HTML. */
const PLAIN = /[^\p{L}\p{M}\p{N} .,:/()=+…-]/gu;

/**
 * Each of these characters as `#34;`, its code in decimal. Mermaid removes the last semicolon of a text that looks like a
 * style (`style …:…#…;`, `classDef …`). So the first letters of these two words are escaped too.
 */
export function escapeLabel(text: string): string {
  return drawnWords(text)
    .replaceAll(PLAIN, (character) => `#${character.codePointAt(0)};`)
    .replaceAll(/s(?=tyle)|c(?=lassDef)/g, (letter) => `#${letter.codePointAt(0)};`);
}
