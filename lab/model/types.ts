/**
 * A scenario as plain data: the content of the YAML file, checked, with every value in one unit
 * (milliseconds, bytes, literal addresses). Nothing here knows about engines or agents.
 */
import type { Where } from '../errors.ts';
import type { End } from '../wire/lines/line.ts';
import type { Target } from './endpoint.ts';
import type { Link, LinkBetween } from './link.ts';
import type { NatBehaviour } from './nat-kinds.ts';

export interface Scenario {
  /** Path of the file, as the user gave it. */
  file: string;
  /** Name of the lab (`lab:`). */
  lab: string;
  about?: string;
  networks: Network[];
  hosts: Host[];
  /** Links between two hosts, beside those of networks and cards. */
  links?: LinkBetween[];
  /** Hosts that capture for the whole run; absent where only expectations capture. */
  capture?: string[];
  steps: Step[];
}

export interface Network {
  name: string;
  /**
   * CIDR with the network's own address, for instance `10.50.1.0/24`: one, or one of each family in the order of
   * preference; or `auto` alone: one of IPv4 that is free (auto-subnets.ts).
   */
  subnets: string[];
  /** Bytes of the largest packet; 1500 where absent. */
  mtu?: number;
  /** Its hosts reach the machine and, through it, the world. */
  internet?: true;
  /** Every frame between its hosts meets this link once. */
  link?: Link;
  /** The server of its addresses (RFC 2131). */
  dhcp?: Dhcp;
  /** The host that is its name server (RFC 1035). */
  dns?: string;
  where: Where;
}

/** A server for the addresses of a network, and its terms. */
export interface Dhcp {
  /** A host on the network, or one that its relay has a way to. */
  by: string;
  /** The IPv4 addresses for every client, both ends included. Without it, only hosts of the lab get an address. */
  range?: { from: string; to: string };
  /** Seconds; an hour where absent. */
  lease?: number;
  /** A host on the network that hands questions on to the server, and its answers back (RFC 1542 section 4.1). */
  relay?: string;
}

export interface Host {
  name: string;
  /** On an engine of several machines, the one that is to hold it: a name, or a label `key=value`. */
  on?: string;
  /**
   * In the order written: the first is `eth0`. At most one address for each family; the planner hands out the others.
   * `leased` where the host gets its IPv4 address by DHCP. `mac` where it was written, in lower case.
   */
  networks: {
    network: string;
    addresses: string[];
    mac?: string;
    /** Bytes of the largest packet, where it is less than the network's. */
    mtu?: number;
    leased?: true;
    link?: Link;
    /** The network's own link, which each of its cables has. */
    ofNetwork?: Link;
    where: Where;
  }[];
  program?: Program;
  ready?: Ready;
  /** Files put on the host before its program starts, by absolute path. */
  files: HostFile[];
  sysctls: Record<string, string>;
  /** A step fills its disk. */
  disk?: true;
  /** It has a certificate of the lab's CA, for its names and addresses. */
  tls?: true;
  /** A router: it hands on packets that are not for itself. */
  forward?: true;
  /** The next hops to all other networks: hosts or addresses. The first that leads there counts. Empty: there is none. */
  gateway?: string[];
  /** Routes that the scenario writes, longest prefix first. They count before those that lanlab works out. */
  routes?: StaticRoute[];
  nat?: Nat;
  firewall?: Firewall;
  where: Where;
}

/** A route that the scenario writes (RFC 1812 section 7.4). */
export interface StaticRoute {
  /** `10.9.0.0/16`; a route to `default` is the host's `gateway` instead. */
  to: string;
  /** The next hop: a router's name, or an address of the route's family. */
  via: string;
}

/** Packets that leave a router on one of its networks get the router's address there. */
export interface Nat extends NatBehaviour {
  /** The network on which these packets leave. */
  outside: string;
  /** A host inside can be reached from inside by its outside port. */
  hairpin?: true;
  /** Milliseconds that a mapping lasts after the last packet from inside. */
  timeout: number;
  /** The router itself can be reached from outside like any other host; absent: it answers nothing there. */
  answers?: true;
  ports: PortForward[];
}

/** A port of the router's outside address that leads to a host inside. */
export interface PortForward {
  transport: 'tcp' | 'udp';
  port: number;
  to: Target;
  toPort: number;
  /** As it was written: `web:80`. */
  text: string;
}

export const FIREWALL_WORDS = ['deny', 'reject', 'allow'] as const;

/** Rules for the packets that a router forwards, or that another host lets in. `deny` and `reject` count before `allow`. */
export interface Firewall {
  deny: FirewallRule[];
  reject: FirewallRule[];
  /** Where it is present, no other conversation may begin. */
  allow?: FirewallRule[];
}

export interface FirewallRule {
  /** `tcp * > web:22` */
  text: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'ip';
  /** A message of ICMP and of ICMPv6 alone: an error is one before it is an answer. */
  message?: IcmpMessage;
  source: RuleEnd;
  destination: RuleEnd;
}

/** The senders or the receivers. A name that is not a host's is a network's. */
export interface RuleEnd {
  party: End['party'] | { kind: 'subnet'; subnet: string };
  /** Absent: any port. The ranges ascend and do not overlap. */
  ports?: PortRange[];
}

export interface PortRange {
  from: number;
  to: number;
}

/** The type of each family that has the message; without a code, all codes of the type. */
export interface IcmpMessage {
  ipv4?: { type: number; code?: number };
  ipv6?: { type: number; code?: number };
}

/** The program that runs on a host beside its agent. */
export type Program =
  | { kind: 'service'; service: ServiceName; env: Record<string, string> }
  | { kind: 'command'; argv: string[]; image?: string; build?: Build; env: Record<string, string> }
  | { kind: 'image'; image: string; build?: Build; env: Record<string, string> };

/** An image that the engine builds; then `image` is its name in messages. */
export interface Build {
  /** Path of the context, relative to the working directory or absolute. */
  folder: string;
  /** Relative to the folder. */
  dockerfile: string;
}

/** The condition under which a host's program counts as ready; the time limit in milliseconds. */
export interface Ready {
  /** A listener on this port. */
  tcp?: number;
  /** Source of a regular expression that a line of its output matches. */
  log?: string;
  within?: number;
}

export const SERVICES = ['tcp-echo', 'udp-echo', 'time', 'files', 'chat'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface HostFile {
  path: string;
  content: BytesSpec;
  /** Permissions (chmod(2)); FILE_MODE where absent. */
  mode?: number;
}

/** Everybody may read the file, and its owner may write it. */
export const FILE_MODE = 0o644;

/** Bytes as a scenario writes them. `random` is an AES-256-CTR key stream (key = SHA-256 of the seed, zero IV). */
export type BytesSpec =
  | { text: string }
  | { hex: string }
  | { repeat: string; times: number }
  | { random: number; seed: string };

export interface Step {
  /** 1 for the first. */
  index: number;
  /** The claim of the step, in the author's words; made from the action where none was written. */
  name?: string;
  /** Host at which the step is done; `lab`, which cannot be a host's name, for a step that is done to the whole lab. */
  at: string;
  /** The word of the step (`tcp`, `udp`…), a row of the vocabulary. */
  kind: string;
  /** The action's arguments, as the kind's schema parsed them. */
  args: unknown;
  /** Done before the action, in order. */
  before: Preparation[];
  /** Further actions on the same conversation, in order. Only kinds that say so take them. */
  do: unknown[];
  /** Expectations in the order written: the word and its parsed value. */
  expect: { kind: string; value: unknown; where: Where }[];
  /** Milliseconds in which an expectation has to come true, and for which it has to stay true. */
  within?: number;
  for?: number;
  /** Claims of the textbooks that this step shows: `C6`, `P1`, `W7`. */
  shows: string[];
  /** Worlds in which those claims are false, and what the step must find there. A run does not look at them. */
  controls?: Control[];
  where: Where;
}

/** A negative control: the scenario up to its step, in a world where the claims of the step are made false. */
export interface Control {
  /** Claims of its step. */
  claims: string[];
  /** The steps of that world in order; the last is the one that must fail. */
  steps: Step[];
  /** All hosts as they are brought up there; absent where they are as in the scenario. */
  hosts?: Host[];
  fails: Foretold;
  where: Where;
}

/** A check that does not hold, as a world foretells it. Each is a text that it holds, or a `/pattern/`. */
export interface Foretold {
  /** The thing that is looked at. */
  check: string;
  found: string;
  /** The evidence that is given for it. */
  why?: string;
}

/** One thing that is made ready at a host before a step. */
export interface Preparation {
  forget: 'neighbours';
  at: string;
}
