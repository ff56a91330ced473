/** Reads of Mermaid's flowcharts what ours are made of, by its documentation; whatever else there is is an error. */
export interface Chart {
  title: string;
  /** Label of each node, by id, with its lines. */
  nodes: Map<string, string[]>;
  edges: { from: string; to: string; label?: string }[];
}

const ID = '[a-z]\\d+';
/** In quotes: no quote, and `#` only before a code. */
const TEXT = '"((?:[^"#\\n]|#\\d+;)*)"';
const SHAPES = [
  ['\\[', '\\]'],
  ['\\(\\[', '\\]\\)'],
  ['\\{\\{', '\\}\\}'],
];
const NODES = SHAPES.map(([open, close]) => new RegExp(`^(${ID})${open}${TEXT}${close}$`));
const EDGE = new RegExp(`^(${ID}) ---(?:\\|${TEXT}\\|)? (${ID})$`);
const OTHER = [
  /^classDef [a-z]+ [a-z-]+:[\w]+(,[a-z-]+:\w+)*$/,
  new RegExp(`^class ${ID}(,${ID})* [a-z]+$`),
  /^%%(?!\{)[^\n]*$/,
];

export function readMermaid(text: string): Chart {
  const [, title, body] = /^---\ntitle: (".*")\n---\nflowchart LR\n(.*)\n$/s.exec(text) ?? [];
  if (body === undefined) throw new Error(`no flowchart: ${text}`);
  const chart: Chart = { title: JSON.parse(title!), nodes: new Map(), edges: [] };
  // What its preprocessor does before it parses: the last semicolon of what looks like a style goes.
  const seen = body.replace(/(style|classDef).*:\S*#.*;/g, (one) => one.slice(0, -1));
  for (const line of seen.split('\n').map((line) => line.trim())) readLine(chart, line);
  return chart;
}

function readLine(chart: Chart, line: string): void {
  const node = NODES.map((one) => one.exec(line)).find((found) => found !== null);
  const edge = EDGE.exec(line);
  if (node) chart.nodes.set(node[1]!, node[2]!.split('<br/>').map(decode));
  else if (edge)
    chart.edges.push({
      from: edge[1]!,
      to: edge[3]!,
      ...(edge[2] !== undefined && { label: decode(edge[2]) }),
    });
  else if (!OTHER.some((one) => one.test(line))) throw new Error(`Mermaid would not read: ${line}`);
}

function decode(text: string): string {
  return text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
