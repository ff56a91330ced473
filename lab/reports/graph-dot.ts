/** A topology in DOT (graphviz.org/doc/info/lang.html): `lanlab graph … --format dot | dot -Tsvg`. */
import type { Graph, GraphHost } from './graph.ts';
import { drawnWords, labelLines, linkLabel, tooltipLines } from './graph-label.ts';
import { oneLine } from './printable.ts';

/** Every id is quoted: a name may be a word of DOT (`node`, `edge`, `subgraph`), in upper or lower case. */
export function graphDot({ networks, hosts }: Graph, title: string): string {
  const lines = [
    `graph ${quote([oneLine(title)])} {`,
    '  graph [rankdir=LR, fontname="sans-serif"];',
    '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="monospace", fontsize=9];',
    ...networks.map(
      ({ name, subnets, notes, link }) =>
        `  ${idOf('network', name)} [shape=ellipse, penwidth=2, label=${quote([name, ...subnets, ...notes, ...linkLabel(link)])}];`,
    ),
    ...hosts.flatMap(hostLines),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function hostLines(host: GraphHost): string[] {
  const id = idOf('host', host.name);
  const label = quote(labelLines(host).map(drawnWords));
  const shape = host.router ? 'shape=octagon, style=bold, ' : '';
  const cables = host.interfaces.map(({ network, addresses, link }) => {
    const label = [...(host.interfaces.length === 1 ? [] : addresses), ...linkLabel(link)];
    const text = label.length === 0 ? '' : ` [label=${quote(label)}]`;
    return `  ${idOf('network', network)} -- ${id}${text};`;
  });
  return [`  ${id} [${shape}label=${label}, tooltip=${quote(tooltipLines(host))}];`, ...cables];
}

/** A network and a host may have the same name. */
function idOf(kind: 'network' | 'host', name: string): string {
  return quote([`${kind} ${name}`]);
}

/**
 * Lines as one quoted string. The language itself has only the escape `\"`. Labels have escapes with a backslash
 * (escString: `\n`, `\N`, `\G`), and `&` begins an entity of HTML.
 */
export function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}
