/** A lab's topology, as every drawing needs it: from a plan, or from the result of a run. */
import { printTerms } from '../model/dhcp-words.ts';
import type { Stage } from '../model/link.ts';
import { linkId } from '../model/link.ts';
import { printLink } from '../model/link-words.ts';
import type { PlannedFirewall, PlannedNat } from '../model/planned.ts';
import type { Dhcp, Program } from '../model/types.ts';
import { programName } from './result.ts';
import { firewallWords, natWords } from './rule-words.ts';

export interface Graph {
  networks: GraphNetwork[];
  hosts: GraphHost[];
}

export interface GraphNetwork {
  name: string;
  /** `10.50.1.0/24`, and perhaps one of the other family. */
  subnets: string[];
  /** The settings that differ from most networks: `mtu 1400`, `leads out`, `dhcp by gw (10.50.1.100-10.50.1.150)`. */
  notes: string[];
  /** The impairments of each frame on it: `delay 20 ms; round trip 40 ms`. */
  link?: string;
}

export interface GraphHost {
  name: string;
  /** The machine that holds it, on an engine of several. */
  node?: string;
  /** A service, an image or a command line. */
  program?: string;
  /** The host forwards packets; one on two networks need not do so. */
  router: boolean;
  /** `link` tells of the card and of its own cable, beside the network's link: `mtu 1400 at the card; delay 20 ms`. */
  interfaces: { name: string; network: string; addresses: string[]; link?: string }[];
  routes: GraphRoute[];
  /** The rules of its NAT and of its firewall, a line each. */
  rules: string[];
}

/** The next hop of packets for these networks. */
export interface GraphRoute {
  /** `10.50.2.0/24`, or `default`. */
  to: string[];
  via: string;
  /** The host that has this address; absent where no host of the lab has it. */
  neighbour?: string;
  /** `eth0` */
  interface: string;
}

/** The source of a drawing: both a Plan and a RunResult have this form. */
export interface Drawable {
  networks: readonly {
    name: string;
    subnets: readonly (string | { subnet: string })[];
    mtu?: number | undefined;
    internet?: boolean;
    /** Of a run the host alone, with its terms in `pool`. */
    dhcp?: string | Dhcp;
    pool?: string;
    dns?: string;
    /** For a run, in words; a plan has the links at the cards. */
    link?: string;
  }[];
  hosts: readonly {
    name: string;
    node?: string;
    program?: Program | string;
    forward?: boolean;
    interfaces: readonly {
      name: string;
      network: string;
      addresses: readonly (string | { address: string })[];
      /** Only in a plan: a run tells it in `link`. */
      mtu?: number | undefined;
      link?: string | readonly Stage[];
    }[];
    routes?: readonly { to: string; via: string; interface: string }[];
    /** For a plan; a run has both as `rules`. */
    nat?: PlannedNat;
    firewall?: PlannedFirewall;
    rules?: readonly string[];
  }[];
}

/** The MTU of Ethernet (RFC 894): a network with this MTU has no note of it. */
const MTU = 1500;

export function graphOf({ networks, hosts }: Drawable): Graph {
  const owners = new Map(
    hosts.flatMap(({ name, interfaces }) =>
      interfaces.flatMap((card) => textsOf(card.addresses).map((address) => [address, name] as const)),
    ),
  );
  return {
    networks: networks.map(
      ({ name, subnets, mtu = MTU, internet, dhcp, pool, dns, link = linkOf(name, hosts) }) => ({
        name,
        subnets: subnets.map((one) => (typeof one === 'string' ? one : one.subnet)),
        notes: [
          ...(mtu === MTU ? [] : [`mtu ${mtu}`]),
          ...(internet ? ['leads out'] : []),
          ...servedBy(dhcp, pool, dns),
        ],
        ...(link !== undefined && { link }),
      }),
    ),
    hosts: hosts.map(
      ({ name, node, program, forward, interfaces, routes = [], nat, firewall, rules = [] }) => ({
        name,
        ...(node !== undefined && { node }),
        ...(program && { program: typeof program === 'string' ? program : programName(program) }),
        router: forward ?? false,
        interfaces: interfaces.map((card) => ({
          name: card.name,
          network: card.network,
          addresses: textsOf(card.addresses),
          ...ownLink(card, networks),
        })),
        routes: groupRoutes(routes, owners),
        rules: [
          ...rules,
          ...(nat ? natWords(nat, interfaces, owners) : []),
          ...(firewall ? firewallWords(firewall) : []),
        ],
      }),
    ),
  };
}

/** The network's link, by its first card that has stages: all cards have the same. */
function linkOf(network: string, hosts: Drawable['hosts']): string | undefined {
  const links = hosts.flatMap(({ interfaces }) =>
    interfaces.flatMap((card) =>
      card.network === network && typeof card.link === 'object' ? [card.link] : [],
    ),
  );
  return printLink(links[0]?.filter(({ id }) => id === linkId(network)) ?? [], 'network');
}

function ownLink(
  { network, mtu, link }: Drawable['hosts'][number]['interfaces'][number],
  networks: Drawable['networks'],
): { link?: string } {
  if (typeof link === 'string') return { link };
  const stages = link?.filter(({ id }) => id !== linkId(network)) ?? [];
  const most = networks.find(({ name }) => name === network)?.mtu ?? MTU;
  const words = [
    ...(mtu === undefined || mtu === most ? [] : [`mtu ${mtu} at the card`]),
    ...[printLink(stages, 'card')].filter((one) => one !== undefined),
  ];
  return words.length > 0 ? { link: words.join('; ') } : {};
}

/** The hosts that hand out the network's addresses, and that are its name server. */
function servedBy(
  dhcp: string | Dhcp | undefined,
  pool: string | undefined,
  dns: string | undefined,
): string[] {
  const by = typeof dhcp === 'object' ? dhcp.by : dhcp;
  const terms = typeof dhcp === 'object' ? printTerms(dhcp) : pool;
  const more = terms === undefined ? '' : ` (${terms})`;
  if (by !== undefined && by === dns && more === '') return [`dhcp and dns by ${by}`];
  return [
    ...(by === undefined ? [] : [`dhcp by ${by}${more}`]),
    ...(dns === undefined ? [] : [`dns by ${dns}`]),
  ];
}

function textsOf(addresses: readonly (string | { address: string })[]): string[] {
  return addresses.map((one) => (typeof one === 'string' ? one : one.address));
}

/** The routes, with those of the same next hop as one. */
function groupRoutes(
  routes: NonNullable<Drawable['hosts'][number]['routes']>,
  owners: ReadonlyMap<string, string>,
): GraphRoute[] {
  const alike = Map.groupBy(routes, ({ via, interface: card }) => `${via} ${card}`);
  return [...alike.values()].map((same) => {
    const { via, interface: card } = same[0]!;
    const neighbour = owners.get(via);
    return { to: same.map(({ to }) => to), via, ...(neighbour && { neighbour }), interface: card };
  });
}

/** `10.50.3.0/24, 10.50.4.0/24 via 10.50.2.2 (two)`; the first few networks where there are more than `most`. */
export function routeWords({ to, via, neighbour }: GraphRoute, most = Number.POSITIVE_INFINITY): string {
  const shown = to.slice(0, most).join(', ');
  const rest = to.length > most ? ` and ${to.length - most} more` : '';
  return `${shown}${rest} via ${via}${neighbour === undefined ? '' : ` (${neighbour})`}`;
}

/** The routes of all hosts, with hosts that have the same routes as one. */
export function routeTable({ hosts }: Graph): { hosts: string[]; routes: GraphRoute[] }[] {
  const routed = hosts.filter(({ routes }) => routes.length > 0);
  const alike = Map.groupBy(routed, ({ routes }) => JSON.stringify(routes));
  return [...alike.values()].map((same) => ({
    hosts: same.map(({ name }) => name),
    routes: same[0]!.routes,
  }));
}

/** Networks that a host is on, each once. */
export function networksOf({ interfaces }: Pick<GraphHost, 'interfaces'>): string[] {
  return [...new Set(interfaces.map(({ network }) => network))];
}
