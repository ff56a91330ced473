/** A scenario worked out: every address, name, route and MAC is a literal. Engines and agents act on this alone. */
import type { Family } from './address.ts';
import type { Stage } from './link.ts';
import type { NatBehaviour } from './nat-kinds.ts';
import type { TlsFile } from './tls.ts';
import type { Dhcp, HostFile, IcmpMessage, PortRange, Program, Ready } from './types.ts';

export interface Plan {
  lab: string;
  networks: PlannedNetwork[];
  hosts: PlannedHost[];
}

export interface PlannedNetwork {
  name: string;
  /** One, or one of each family in the order of preference. */
  subnets: PlannedSubnet[];
  /** Bytes of the largest packet. */
  mtu: number;
  /** The engine's own address is the way out of the lab. */
  internet: boolean;
  /** The server of its addresses, and the host that answers for its names. */
  dhcp?: Dhcp;
  dns?: string;
}

export interface PlannedSubnet {
  family: Family;
  /** `10.50.1.0/24` */
  subnet: string;
  prefix: number;
  /**
   * For IPv4, but not for a /31. The highest host address: kept free for an engine whose networks must own one (Docker's
   * bridge).
   */
  engineAddress?: string;
  /** Only for IPv4, and not for a /31. */
  broadcast?: string;
}

export interface PlannedHost {
  name: string;
  /** The machine that holds it, on an engine of several machines. */
  node?: string;
  /** The machine as the scenario asks for it: a name, or a label `key=value`. */
  on?: string;
  program?: Program;
  ready?: Ready;
  /** Order written; names `eth0`, `eth1`… */
  interfaces: PlannedInterface[];
  /** A router. */
  forward: boolean;
  /** The routes beside those to its own networks, which come with the addresses. */
  routes: PlannedRoute[];
  /** The whole hosts file of this host: loopback, then every host that it has a way to. */
  hostsFile: string;
  nat?: PlannedNat;
  firewall?: PlannedFirewall;
  /** Networks whose addresses it hands out, or whose name server it is. */
  serves?: PlannedServing[];
  /** Name servers that it does not learn of by DHCP, in the order of its cards. */
  resolvers?: PlannedResolver[];
  sysctls: Record<string, string>;
  /** A step fills its disk: its `/srv` and `/tmp` have a size of their own on every engine. */
  disk?: true;
  files: PlannedFile[];
  /** Variables of every command on the host. */
  env?: Record<string, string>;
  /** It has a certificate of the lab's CA. */
  tls?: PlannedTls;
}

export interface PlannedFile extends HostFile {
  /** Its content is made when the lab comes up: until then it is empty. */
  made?: TlsFile;
}

/** The names and addresses in a certificate (RFC 5280 section 4.2.1.6). The host's own name is the first. */
export interface PlannedTls {
  names: string[];
  addresses: string[];
}

export interface PlannedRoute {
  /** `10.50.2.0/24`, or `default` for the family of `via`. */
  to: string;
  /** Address of the next hop, on the interface's network. */
  via: string;
  /** `eth0` */
  interface: string;
}

/** One server of a host: for all addresses that it hands out or relays, or for the names of one network, or for both. */
export interface PlannedServing {
  /** The networks that lose a service when it ends. */
  networks: string[];
  /** `eth0`: where its clients are, or the relays that ask for them. */
  cards: string[];
  /** The networks whose addresses it hands out (RFC 2131). */
  pools?: PlannedPool[];
  /** Every name that is answered, by address; no other one exists (RFC 1035). */
  names?: { address: string; names: string[] }[];
  /** Its own address on a network, and the server to which it hands on what is asked there (RFC 1542 section 4.1). */
  relays?: { address: string; server: string }[];
}

/** The addresses of a network, as their server has them. */
export interface PlannedPool {
  /** `10.50.1.0`, 24. */
  first: string;
  prefix: number;
  /** Absent where the network has two hosts alone (/31). */
  broadcast?: string;
  /** The addresses for every client, each for `seconds`; without it a client needs a reservation. */
  range?: { from: string; to: string };
  seconds: number;
  leases: PlannedReservation[];
}

/** The address and the options that the server keeps for one card; the address alone where the host does not ask by itself. */
export interface PlannedReservation extends Partial<Omit<PlannedLease, 'server' | 'relay'>> {
  mac: string;
  address: string;
}

/** The options that a host is to learn by DHCP, beside its address and mask. */
export interface PlannedLease {
  /** The server's address. */
  server: string;
  /** That of the relay on the card's network, where the server is on another. */
  relay?: string;
  /** Seconds (RFC 2132 section 9.2). */
  seconds: number;
  /** RFC 2132 section 3.5: absent where it has no default route there. */
  router?: string;
  /** Where a default route is not enough, all routes of the host by this card, with the default (RFC 3442). */
  routes: { to: string; via: string }[];
  /** RFC 2132 section 3.8, and the domain that names are looked up in (section 3.17). */
  resolver?: PlannedResolver;
}

export interface PlannedResolver {
  address: string;
  /** A network's name. */
  domain: string;
}

/** A NAT: packets that leave by one card get the address of this card (RFC 4787). */
export interface PlannedNat extends NatBehaviour {
  /** `eth1` */
  outside: string;
  /** The address of this card. */
  address: string;
  hairpin?: true;
  /** Milliseconds that a mapping lasts after the last packet from inside. */
  timeout: number;
  /** The router itself can be reached from outside like any other host. */
  answers?: true;
  /** Forwarded ports of this address; `to` is a host inside. */
  ports: { transport: 'tcp' | 'udp'; port: number; to: string; toPort: number }[];
}

/** Rules for the packets that a router forwards, or that another host lets in. `deny` and `reject` count before `allow`. */
export interface PlannedFirewall {
  deny: PlannedRule[];
  reject: PlannedRule[];
  /** Where it is present, no other conversation may begin. */
  allow?: PlannedRule[];
}

export interface PlannedRule {
  /** As it was written, so that a message can name the rule: `tcp * > web:22`. */
  text: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'ip';
  message?: IcmpMessage;
  /** The rule is about packets to this host itself, although it is a router. */
  itself?: true;
  /** Addresses and subnets; empty: all. */
  from: string[];
  fromPorts?: PortRange[];
  to: string[];
  toPorts?: PortRange[];
}

export interface PlannedInterface {
  name: string;
  network: string;
  /** As it was written, or locally administered unicast, made from the lab's name and the address: `02:…`. Lower case. */
  mac: string;
  /** One of each family that the network has, in the network's order. */
  addresses: PlannedAddress[];
  /** The address that the card makes of its MAC, where the network has IPv6 (RFC 4291 section 2.5.6). */
  linkLocal?: string;
  /** MACs of every interface on this network (this one too). Hosts may speak with others. */
  members: string[];
  /** Bytes of the largest packet: the network's, or less where the scenario says so. */
  mtu: number;
  /** Frames come here that no host of the lab has sent: the network leads out of it. */
  internet: boolean;
  /** Some cable of the network is impaired: the host itself finishes checksums and cuts segments. */
  wholeFrames?: true;
  /** The impairments of its cable from the beginning. */
  link?: Stage[];
  /** The address comes by DHCP, with these options. */
  leased?: PlannedLease;
}

export interface PlannedAddress {
  family: Family;
  address: string;
  prefix: number;
  /** Only for IPv4, and not for a /31. */
  broadcast?: string;
}

/** A card's address of a family. */
export function addressOf(
  { addresses }: Pick<PlannedInterface, 'addresses'>,
  family: Family,
): PlannedAddress | undefined {
  return addresses.find((one) => one.family === family);
}

/** Every address that a card may send from: those that were given to it, and its link-local one. */
export function addressesOf({ addresses, linkLocal }: PlannedInterface): string[] {
  return [...addresses.map(({ address }) => address), ...(linkLocal === undefined ? [] : [linkLocal])];
}

/** Whether any card of the host has an address of the family. */
export function hasFamily({ interfaces }: Pick<PlannedHost, 'interfaces'>, family: Family): boolean {
  return interfaces.some((card) => addressOf(card, family));
}
