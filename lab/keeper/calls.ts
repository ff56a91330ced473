/** The calls of the command to the keeper of a node. */
import type { Reading } from '../agent/wall-clock.ts';

export type { Reading } from '../agent/wall-clock.ts';

/** The way of this node to another one, as its kernel routes. */
export interface Way {
  /** The address of the other node. */
  to: string;
  /** The address that this node sends from. */
  from: string;
  /** Bytes of the largest packet on the interface that leads there. */
  mtu: number;
}

/** A network that has hosts on other nodes too. */
export interface Spanning {
  /** The bridge of the network on this node. */
  bridge: string;
  /** Its number on the wire: the VNI of RFC 7348, 24 bits. */
  number: number;
  mtu: number;
}

export interface KeeperCalls {
  /** The lease of the lab on this node: a keeper that is not called for LEASE milliseconds takes the node's part down. */
  beat(): Promise<void>;
  /** The time of the node's clock. */
  clock(): Promise<Reading>;
  /** Throws where an address has no route. */
  ways(addresses: string[]): Promise<Way[]>;
  /**
   * Opens a VXLAN port in each bridge, with all these addresses as remotes. A port that is open gets those that it lacks. After
   * a failure none of these bridges has one.
   */
  join(request: { local: string; remotes: string[]; networks: Spanning[] }): Promise<void>;
  /** Counts VXLAN packets with this number from these addresses, from now on; none: no more. */
  expectProbes(addresses: string[], number: number): Promise<void>;
  /** Sends such a packet to each of the addresses. */
  probe(local: string, addresses: string[], number: number): Promise<void>;
  /** The addresses from which one has come. */
  probed(): Promise<string[]>;
  /** From now on the lab's frames from these addresses are lost here, and from no others. None: all arrive. */
  shutOut(addresses: string[]): Promise<void>;
  /** Closes the ports in these bridges, or all. A port that is not open is no error. */
  part(bridges?: string[]): Promise<void>;
}

/** Milliseconds. */
export const LEASE = 60_000;
/** Not 4789, which Swarm's own overlay networks have. */
export const VXLAN_PORT = 14789;
/** Bytes of the outer Ethernet, IPv4, UDP and VXLAN headers (RFC 7348 section 5). */
export const VXLAN_OVERHEAD = 50;

/**
 * The labels of a keeper, and of the objects that lead to the nodes of a Swarm. Their value is the id of the lab. They have no
 * other label of a lab: a command that removes its containers would end the keeper before it has closed its ports.
 */
export const KEEPER = 'lanlab.keeper';
export const WAY = 'lanlab.way';
