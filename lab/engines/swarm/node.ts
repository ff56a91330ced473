/** A machine with a Docker Engine, which holds a part of a lab. */
import type Docker from 'dockerode';
import { asked } from '../containers/connection.ts';
import type { Machine } from './machines.ts';

/** A node as it is known before there is a way to its engine. */
export interface Member {
  name: string;
  /** Of its engine: `26.1.5`. */
  version: string;
  cores: number;
  /** Bytes. */
  memory: number;
  labels: Readonly<Record<string, string>>;
}

export interface Node extends Member {
  docker: Docker;
  /** The path at which its engine listens there. */
  socket: string;
  /** Its address on the network between the nodes. */
  address: string;
}

/** Asks the engine of a node about its machine. Throws LabError. */
export async function nodeOf({ name, docker, socket, address }: Machine): Promise<Node> {
  const info = (await asked(`tell of the machine ${name}`, () => docker.info())) as {
    NCPU: number;
    MemTotal: number;
    ServerVersion: string;
    Labels?: string[] | null;
    Swarm?: { NodeAddr?: string };
  };
  return {
    ...{ name, docker, socket },
    address: address ?? info.Swarm?.NodeAddr ?? '',
    cores: info.NCPU,
    memory: info.MemTotal,
    labels: Object.fromEntries((info.Labels ?? []).map((label) => label.split('=', 2) as [string, string])),
    version: info.ServerVersion,
  };
}
