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
}

export interface PlannedHost {
  name: string;
  program?: Program;
  ready?: Ready;
  /** Order written; names `eth0`, `eth1`… */
  interfaces: PlannedInterface[];
  /** The whole hosts file of this host: loopback, then every host that shares a network with it. */
  hostsFile: string;
  sysctls: Record<string, string>;
  files: HostFile[];
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
}
