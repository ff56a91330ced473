/** A machine with a Docker Engine, which holds a part of a lab. */

import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { patient } from '../../agent/patience.ts';
import { LabError } from '../../errors.ts';
import { asked, reasonOf } from '../containers/connection.ts';
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
  /** Of its processor: `x86_64`. */
  architecture: string;
}

export interface Node extends Member {
  docker: Docker;
  /** The path at which its engine listens there. */
  socket: string;
  /** Its address on the network between the nodes. */
  address: string;
}

/** Milliseconds in which a machine that the user lists must answer. */
const ANSWERS_WITHIN = 10_000;

/** As nodeOf, of a machine that the user lists: the error names its endpoint. */
export async function listedNode(machine: Machine & { endpoint: string }): Promise<Node> {
  const { name, endpoint } = machine;
  const late = pause(patient(ANSWERS_WITHIN), undefined, { ref: false }).then(() => {
    throw new Error(`nothing came within ${patient(ANSWERS_WITHIN) / 1000} s`);
  });
  try {
    return await Promise.race([nodeOf(machine), late]);
  } catch (error) {
    const cause = error instanceof LabError && error.cause !== undefined ? error.cause : error;
    throw new LabError('no-engine', `no Docker Engine answers at ${name}, ${endpoint}: ${reasonOf(cause)}`, {
      hint: `start it, correct its endpoint, or leave ${name} out of the machines`,
    });
  }
}

/** Asks the engine of a node about its machine. Throws LabError. */
export async function nodeOf({ name, docker, socket, address }: Machine): Promise<Node> {
  const info = (await asked(`tell of the machine ${name}`, () => docker.info())) as {
    NCPU: number;
    MemTotal: number;
    ServerVersion: string;
    Architecture: string;
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
    architecture: info.Architecture,
  };
}
