/** A scenario worked out: every address, name, route and MAC is a literal. Engines and agents act on this alone. */
import type { HostFile, Program, Ready } from './types.ts';

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
