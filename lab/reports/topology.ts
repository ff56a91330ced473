/**
 * The places of networks and hosts in a drawing of a lab. A network is a zone. A host on one network stands in its zone,
 * a host on several (mostly a router) between them. Laid out by dagre when the drawing is made. Pixels.
 */
import dagre from '@dagrejs/dagre';
import type { Graph } from './graph.ts';
import { linkLabel, tooltipLines } from './graph-label.ts';
import { cut, oneLine, wrap } from './printable.ts';
import { type Middle, type Point, wayOfCables } from './topology-cables.ts';

export interface TopologyInput {
  networks: readonly InputNetwork[];
  hosts: readonly {
    name: string;
    /** The machine that holds it, on an engine of several. */
    node?: string;
    program?: string | undefined;
    /** The host forwards packets. */
    router?: boolean;
    rules?: readonly string[];
    /** The text that appears when a reader points at the host. */
    tooltip?: readonly string[];
    interfaces: readonly { network: string; addresses: readonly string[]; link?: string }[];
  }[];
}

interface InputNetwork {
  name: string;
  subnets: readonly string[];
  notes?: readonly string[];
  link?: string;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedHost extends Box {
  name: string;
  /** The host is on several networks: it stands between their zones, with its addresses at its cables. */
  between: boolean;
  router: boolean;
  /** The lines below its name; `kind` is the class for their look. */
  lines: readonly { kind: string; text: string }[];
  tooltip: readonly string[];
}

export interface PlacedNetwork extends Box {
  name: string;
  /** Its subnets, with its notes. */
  subnet: string;
  /** The lines of its link, below its name. */
  link: readonly string[];
}

/** A cable; its own box, by the middle, is the one of its address. */
export interface Cable extends Middle {
  points: Point[];
  address: string;
}

export interface Topology {
  width: number;
  height: number;
  networks: PlacedNetwork[];
  hosts: PlacedHost[];
  cables: Cable[];
}

type InputHost = TopologyInput['hosts'][number];

const NARROWEST = 132;
const WIDEST = 280;
const GAP = 12;
/** Inside a zone: around its hosts, and above them for its name. */
const PAD = 14;
const HEAD = 34;
/** In a box: the height of its name, the height of a line of small text, and the most such lines of a program. */
const NAME = 30;
const LINE = 14;
const PROGRAM_LINES = 3;
/** Characters of a line of a link's numbers: as many as the widest box has room for. */
const MOST_OF_LINK = 42;
/** Widths of a character: of an address, of a name, of small text. And the room left and right of a text. */
const CHARACTER = 6.7;
const NAME_CHARACTER = 7.6;
const SMALL_CHARACTER = 6;
const BESIDE = 26;
/** With more hosts between networks, cables go far across, and need more room to be distinct. */
const MANY = 12;

/** The flattest drawing within the width, if there is one; the narrowest otherwise. */
export function layoutTopology(input: TopologyInput, width: number): Topology {
  const most = Math.max(1, Math.floor((width - 2 * PAD + GAP) / (NARROWEST + GAP)));
  const fullest = Math.max(1, ...input.networks.map(({ name }) => insideOf(input, name).length));
  const tries = [1, 2, 3, 4, 6, 8]
    .filter((columns) => columns <= Math.min(most, fullest))
    .flatMap((columns) => (['LR', 'TB'] as const).map((way) => layOut(input, columns, way)));
  const fitting = tries.filter((one) => one.width <= width);
  if (fitting.length > 0) return fitting.reduce((best, one) => (one.height < best.height ? one : best));
  return tries.reduce((best, one) => (one.width < best.width ? one : best));
}

type Graphlib = InstanceType<typeof dagre.graphlib.Graph>;

function layOut({ networks, hosts }: TopologyInput, columns: number, rankdir: 'LR' | 'TB'): Topology {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  const between = hosts.filter(isBetween);
  const ranksep = between.length > MANY ? 80 : 40;
  graph.setGraph({ rankdir, nodesep: 28, ranksep, edgesep: 20, marginx: 1, marginy: 1 });
  const inside = (name: string) => insideOf({ hosts }, name);
  const heads = networks.map(({ name, subnets, notes = [], link }) => ({
    name,
    subnet: [...subnets, ...notes].join(', '),
    link: linkLabel(link, MOST_OF_LINK),
  }));
  for (const head of heads) graph.setNode(`n ${head.name}`, zoneSize(inside(head.name), columns, head));
  for (const host of between) connect(graph, host);
  dagre.layout(graph);
  const zones = heads.map((head) => ({ ...head, ...boxOf(graph.node(`n ${head.name}`)) }));
  return {
    width: Math.ceil(graph.graph().width ?? 0),
    height: Math.ceil(graph.graph().height ?? 0),
    networks: zones,
    hosts: [
      ...zones.flatMap((zone) => placeInside(inside(zone.name), zone, columns)),
      ...between.map((host) => ({
        ...placed(host),
        between: true,
        ...boxOf(graph.node(`h ${host.name}`)),
      })),
    ],
    cables: cablesOf(between, graph, rankdir),
  };
}

function insideOf({ hosts }: Pick<TopologyInput, 'hosts'>, network: string): InputHost[] {
  return hosts.filter((host) => !isBetween(host) && host.interfaces[0]!.network === network);
}

/** Whether a host is on several networks, or on none. */
function isBetween({ interfaces }: InputHost): boolean {
  return new Set(interfaces.map(({ network }) => network)).size !== 1;
}

function connect(graph: Graphlib, host: InputHost): void {
  graph.setNode(`h ${host.name}`, hostSize(host));
  for (const [index, { addresses }] of host.interfaces.entries()) {
    const [from, to] = endsOf(host, index);
    graph.setEdge(from, to, { ...labelSize(atCable(addresses)), labelpos: 'c' }, String(index));
  }
}

/** The first network stands before the host, the others behind it. */
function endsOf({ name, interfaces }: InputHost, index: number): [string, string] {
  const network = `n ${interfaces[index]!.network}`;
  return index === 0 ? [network, `h ${name}`] : [`h ${name}`, network];
}

/** The addresses at a cable, on one line. */
function atCable(addresses: readonly string[]): string {
  return addresses.join(', ');
}

export function labelSize(address: string) {
  return { width: Math.ceil(address.length * CHARACTER) + 8, height: 18 };
}

/** The lines in a host's box below its name; the kind of a line is its class. */
export function linesOf(
  host: Omit<InputHost, 'interfaces'> & { addresses: readonly string[]; links: readonly string[] },
) {
  const { node, program, router = false, rules = [], addresses, links } = host;
  return [
    ...(node === undefined ? [] : [{ kind: 'what', text: `on ${node}` }]),
    ...addresses.map((text) => ({ kind: 'address', text })),
    ...(router ? [{ kind: 'what', text: 'router' }] : []),
    ...(program === undefined ? [] : programLines(program).map((text) => ({ kind: 'program', text }))),
    ...rules.map((line) => ({ kind: 'rule', text: oneLine(line) })),
    ...links.map((text) => ({ kind: 'link', text })),
  ];
}

/** The lines of a program: a long command goes on in the next line, and only the last line is cut. */
function programLines(program: string): string[] {
  const most = Math.floor((WIDEST - BESIDE) / SMALL_CHARACTER);
  const [first = '', ...lines] = wrap(oneLine(program), most);
  const shown = [first, ...lines.slice(0, PROGRAM_LINES - 1)];
  return lines.length < PROGRAM_LINES
    ? shown
    : shown.with(-1, cut(lines.slice(PROGRAM_LINES - 2).join(' '), most));
}

/** The size of a host's box: that of its text, within limits. */
function hostSize(host: InputHost) {
  const lines = linesOf({ ...host, addresses: addressesIn(host), links: linksIn(host) });
  const widths = [
    host.name.length * NAME_CHARACTER,
    ...lines.map(({ kind, text }) => text.length * (kind === 'address' ? CHARACTER : SMALL_CHARACTER)),
  ];
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(Math.max(...widths) + BESIDE))),
    height: NAME + LINE * lines.length,
  };
}

/** The addresses in a host's box. Addresses of a host between networks stand at its cables instead. */
function addressesIn(host: InputHost): string[] {
  if (host.interfaces.length === 0) return ['no address'];
  return isBetween(host) ? [] : host.interfaces.flatMap(({ addresses }) => addresses);
}

/** The links of its cables, each with its network where there are several. */
function linksIn(host: InputHost): string[] {
  return host.interfaces.flatMap(({ network, link }) => {
    const lines = linkLabel(link, MOST_OF_LINK);
    return lines.length > 0 && isBetween(host) ? [`to ${network}`, ...lines] : lines;
  });
}

/** The rows of a zone's hosts, with the top of each: a row has the height of its highest host, all have the same width. */
function rowsOf(hosts: readonly InputHost[], columns: number) {
  const sizes = hosts.map(hostSize);
  const width = Math.max(NARROWEST, ...sizes.map((size) => size.width));
  const tops: number[] = [];
  let below = 0;
  for (let first = 0; first < sizes.length; first += columns) {
    tops.push(below);
    below += Math.max(...sizes.slice(first, first + columns).map(({ height }) => height)) + GAP;
  }
  return { sizes, width, tops, height: below - GAP };
}

type Head = Pick<PlacedNetwork, 'name' | 'subnet' | 'link'>;

function headHeight({ link }: Head): number {
  return HEAD + LINE * link.length;
}

function zoneSize(hosts: readonly InputHost[], columns: number, head: Head) {
  const { name, subnet, link } = head;
  const rows = rowsOf(hosts, columns);
  const across = Math.max(1, Math.min(hosts.length, columns));
  // The heading and the link's lines stand in the zone's head.
  const longest = Math.max(0, ...link.map((line) => line.length * SMALL_CHARACTER));
  const heading = Math.max(name.length * 8.5 + subnet.length * 7.5 + 14, longest);
  return {
    width: 2 * PAD + Math.max(heading, across * (rows.width + GAP) - GAP),
    height: headHeight(head) + (hosts.length > 0 ? rows.height + PAD : 4),
  };
}

/** The box of a node: dagre gives its middle. */
function boxOf({ x, y, width, height }: Box): Box {
  return { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

function placeInside(hosts: readonly InputHost[], zone: PlacedNetwork, columns: number): PlacedHost[] {
  const { sizes, width, tops } = rowsOf(hosts, columns);
  return hosts.map((host, index) => ({
    ...placed(host),
    between: false,
    x: zone.x + PAD + (index % columns) * (width + GAP),
    y: zone.y + headHeight(zone) + tops[Math.floor(index / columns)]!,
    width,
    height: sizes[index]!.height,
  }));
}

function placed(host: InputHost) {
  const { name, router = false, tooltip = [] } = host;
  return {
    name,
    router,
    tooltip,
    lines: linesOf({ ...host, addresses: addressesIn(host), links: linksIn(host) }),
  };
}

function cablesOf(hosts: readonly InputHost[], graph: Graphlib, rankdir: 'LR' | 'TB'): Cable[] {
  const middle = (name: string) => graph.node(name) as Middle;
  const wires = hosts.flatMap((host) =>
    host.interfaces.map(({ addresses }, index) => {
      const address = atCable(addresses);
      const [from, to] = endsOf(host, index);
      const { points, x, y } = graph.edge(from, to, String(index)) as Point & { points: Point[] };
      const label = { ...labelSize(address), x, y };
      return { from: middle(from), to: middle(to), via: points.slice(1, -1), label, address };
    }),
  );
  const boxes = [...graph.nodes().map(middle), ...wires.map(({ label }) => label)];
  return wayOfCables(wires, boxes, rankdir).map((points, index) => {
    const { label, address } = wires[index]!;
    return { points, address, ...label };
  });
}

/** The drawing of a graph. */
export function drawingOf({ networks, hosts }: Graph, width: number): Topology {
  const pointed = hosts.map((host) => ({ ...host, tooltip: tooltipLines(host) }));
  return layoutTopology({ networks, hosts: pointed }, width);
}
