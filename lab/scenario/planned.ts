/** A scenario worked out: every address, name, route and MAC is a literal. Engines and agents act on this alone. */
import type { HostFile, NatKind, Program, Ready } from './types.ts';

export interface Plan {
  lab: string;
  networks: PlannedNetwork[];
  hosts: PlannedHost[];
}

export interface PlannedNetwork {
  name: string;
  /** `10.50.1.0/24` */
  subnet: string;
  prefix: number;
  /** Highest host address: kept free for an engine whose networks must own one (Docker's bridge). */
  engineAddress: string;
  broadcast: string;
  /** Bytes of the largest packet. */
  mtu: number;
  /** The engine's own address is the way out of the lab. */
  internet: boolean;
}

export interface PlannedHost {
  name: string;
  program?: Program;
  ready?: Ready;
  /** Order written; names `eth0`, `eth1`… */
  interfaces: PlannedInterface[];
  /** A router. */
  forward: boolean;
  /** Beside those to its own networks, which come with the addresses. */
  routes: PlannedRoute[];
  /** The whole hosts file of this host: loopback, then every host that it has a way to. */
  hostsFile: string;
  nat?: PlannedNat;
  firewall?: PlannedFirewall;
  sysctls: Record<string, string>;
  files: HostFile[];
}

export interface PlannedRoute {
  /** `10.50.2.0/24`, or `default`. */
  to: string;
  /** Address of the next hop, on the interface's network. */
  via: string;
  /** `eth0` */
  interface: string;
}

/** What leaves by one card gets its address (RFC 4787). */
export interface PlannedNat {
  /** `eth1` */
  outside: string;
  /** Of that card. */
  address: string;
  /** Absent: as the kernel does it by itself. */
  kind?: NatKind;
  /** Of that address; `to` is a host inside. */
  ports: { transport: 'tcp' | 'udp'; port: number; to: string; toPort: number }[];
}

/** What a router forwards, what another host lets in. `deny` and `reject` count before `allow`. */
export interface PlannedFirewall {
  deny: PlannedRule[];
  reject: PlannedRule[];
  /** Where it is there, nothing else begins anew. */
  allow?: PlannedRule[];
}

export interface PlannedRule {
  /** As it was written, for who asks which rule it was: `tcp * > web:22`. */
  text: string;
  protocol: 'tcp' | 'udp' | 'icmp' | 'ip';
  /** Addresses; none: anybody's. */
  from: string[];
  fromPort?: number;
  to: string[];
  toPort?: number;
}

export interface PlannedInterface {
  name: string;
  network: string;
  /** Locally administered unicast, made from the lab's name and the address: `02:…`. Lower case. */
  mac: string;
  address: string;
  prefix: number;
  broadcast: string;
  /** MACs of every interface on this network (this one too): frames from any other are not the lab's. */
  members: string[];
  /** Bytes of the largest packet, the same on the whole network. */
  mtu: number;
  /** Frames come here that none of the members sent: the network leads out of the lab. */
  internet: boolean;
}
