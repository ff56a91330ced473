/**
 * Where a drawing of a lab has its networks and hosts. A network is a zone; a host with one foot stands in its zone,
 * one with several (a router) stands between them. Laid out by dagre when the drawing is made. Pixels.
 */
import dagre from '@dagrejs/dagre';

export interface TopologyInput {
  networks: readonly { name: string; subnet: string }[];
  hosts: readonly {
    name: string;
    program?: string | undefined;
    interfaces: readonly { network: string; address: string }[];
  }[];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedHost extends Box {
  name: string;
  program?: string | undefined;
  /** Where it has one; those of a router stand at its cables. */
  address?: string | undefined;
  /** Between networks. */
  router: boolean;
}

export interface PlacedNetwork extends Box {
  name: string;
  subnet: string;
}

export interface Cable {
  points: { x: number; y: number }[];
  /** The router's address there, and the middle of its text. */
  address: string;
  at: { x: number; y: number };
}

export interface Topology {
  width: number;
  height: number;
  networks: PlacedNetwork[];
  hosts: PlacedHost[];
  cables: Cable[];
}

const HOST = { width: 132, height: 56 };
const GAP = 12;
/** Inside a zone: around its hosts, and above them for its name. */
const PAD = 14;
const HEAD = 34;
const LABEL = { width: 92, height: 18 };

/** The flattest drawing that is no wider than asked for, if any is; the narrowest otherwise. */
export function layoutTopology(input: TopologyInput, width: number): Topology {
  const most = Math.max(1, Math.floor((width - 2 * PAD + GAP) / (HOST.width + GAP)));
  const tries = [1, 2, 3, 4, 6, 8]
    .filter((columns) => columns <= most)
    .flatMap((columns) => (['LR', 'TB'] as const).map((way) => layOut(input, columns, way)));
  const fitting = tries.filter((one) => one.width <= width);
  if (fitting.length > 0) return fitting.reduce((best, one) => (one.height < best.height ? one : best));
  return tries.reduce((best, one) => (one.width < best.width ? one : best));
}

function layOut({ networks, hosts }: TopologyInput, columns: number, rankdir: 'LR' | 'TB'): Topology {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir, nodesep: 28, ranksep: 34, edgesep: 20, marginx: 1, marginy: 1 });
  const feet = (host: TopologyInput['hosts'][number]) =>
    new Set(host.interfaces.map(({ network }) => network)).size;
  const inside = (name: string) =>
    hosts.filter((host) => feet(host) === 1 && host.interfaces[0]!.network === name);
  for (const { name, subnet } of networks)
    graph.setNode(`n ${name}`, zoneSize(inside(name).length, columns, name, subnet));
  const between = hosts.filter((host) => feet(host) !== 1);
  for (const host of between) {
    graph.setNode(`h ${host.name}`, { ...HOST });
    for (const [index, { network }] of host.interfaces.entries()) {
      const [from, to] =
        index === 0 ? [`n ${network}`, `h ${host.name}`] : [`h ${host.name}`, `n ${network}`];
      graph.setEdge(from, to, { ...LABEL, labelpos: 'c' }, String(index));
    }
  }
  dagre.layout(graph);
  const zones = networks.map(({ name, subnet }) => ({ name, subnet, ...boxOf(graph.node(`n ${name}`)) }));
  return {
    width: Math.ceil(graph.graph().width ?? 0),
    height: Math.ceil(graph.graph().height ?? 0),
    networks: zones,
    hosts: [
      ...zones.flatMap((zone) => placeInside(inside(zone.name), zone, columns)),
      ...between.map(({ name, program }) => ({
        name,
        program,
        router: true,
        ...boxOf(graph.node(`h ${name}`)),
      })),
    ],
    cables: between.flatMap((host) => cablesOf(host, graph)),
  };
}

function zoneSize(count: number, columns: number, name: string, subnet: string) {
  const across = Math.max(1, Math.min(count, columns));
  const down = Math.ceil(count / columns);
  // Both stand in the zone's head.
  const heading = name.length * 8.5 + subnet.length * 7.5 + 14;
  return {
    width: 2 * PAD + Math.max(heading, across * (HOST.width + GAP) - GAP),
    height: HEAD + (down > 0 ? down * (HOST.height + GAP) - GAP + PAD : 4),
  };
}

/** dagre says where the middle is. */
function boxOf({ x, y, width, height }: Box): Box {
  return { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

function placeInside(hosts: TopologyInput['hosts'], zone: PlacedNetwork, columns: number): PlacedHost[] {
  return hosts.map(({ name, program, interfaces }, index) => ({
    name,
    program,
    address: interfaces.map(({ address }) => address).join(', '),
    router: false,
    x: zone.x + PAD + (index % columns) * (HOST.width + GAP),
    y: zone.y + HEAD + Math.floor(index / columns) * (HOST.height + GAP),
    ...HOST,
  }));
}

function cablesOf(
  host: TopologyInput['hosts'][number],
  graph: InstanceType<typeof dagre.graphlib.Graph>,
): Cable[] {
  return host.interfaces.map(({ network, address }, index) => {
    const [from, to] = index === 0 ? [`n ${network}`, `h ${host.name}`] : [`h ${host.name}`, `n ${network}`];
    const edge = graph.edge(from, to, String(index)) as {
      points: { x: number; y: number }[];
      x: number;
      y: number;
    };
    return { points: edge.points, address, at: { x: edge.x, y: edge.y } };
  });
}
