/** The nodes of a Docker Swarm, as its manager knows them, and the way to their engines. */
import type Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import { baseImage } from '../containers/base.ts';
import { asked } from '../containers/connection.ts';
import { prepareImages, type Sources } from '../containers/images.ts';
import type { Lab } from '../containers/labels.ts';
import type { UpOptions } from '../engine.ts';
import { fitting } from './fitting.ts';
import { startKeeper } from './keeper.ts';
import { type Member, nodeOf } from './node.ts';
import type { Nodes } from './nodes.ts';
import { openPassage } from './passage.ts';

const SOCKET = '/var/run/docker.sock';

/** A node as the manager knows it. */
interface SwarmMember extends Member {
  id: string;
}

export interface Membership {
  /** Nodes that can take part. */
  nodes: SwarmMember[];
  /** Nodes that are left out, each with the reason: `c (drained)`. */
  leftOut: string[];
  /** The id of the manager that answers us. */
  own: string;
}

interface SwarmNode {
  ID: string;
  Spec: { Availability: 'active' | 'pause' | 'drain'; Labels?: Record<string, string> };
  Status: { State: string };
  Description: {
    Hostname: string;
    Resources: { NanoCPUs: number; MemoryBytes: number };
    Platform: { Architecture: string };
    Engine: { EngineVersion: string };
  };
}

/** Throws LabError (`no-engine`) where the engine is not the manager of a Swarm. */
export async function members(manager: Docker): Promise<Membership> {
  const info = (await asked('tell of its Swarm', () => manager.info())) as {
    Swarm?: { LocalNodeState: string; ControlAvailable: boolean; NodeID: string };
  };
  const swarm = info.Swarm;
  if (swarm?.LocalNodeState !== 'active')
    throw noSwarm(
      'this Docker Engine is in no Swarm',
      'run `docker swarm init` here and `docker swarm join` on the other machines, or list machines: --machines a=ssh://user@a,b=ssh://user@b',
    );
  if (!swarm.ControlAvailable)
    throw noSwarm(
      'this Docker Engine is a worker of its Swarm, not a manager',
      'point DOCKER_HOST or the Docker context to a manager (docker node ls works there)',
    );
  const found = (await asked('list the nodes of its Swarm', () =>
    manager.listNodes(),
  )) as unknown as SwarmNode[];
  const names = namesOf(found);
  const nodes = found
    .filter((node) => whyNot(node) === undefined)
    .map(({ ID: id, Spec: { Labels }, Description: { Resources, Engine, Platform } }) => ({
      ...{ id, name: names.get(id)!, version: Engine.EngineVersion },
      ...{ cores: Math.floor(Resources.NanoCPUs / 1e9), memory: Resources.MemoryBytes },
      labels: Labels ?? {},
      architecture: Platform.Architecture,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const own = found.find(({ ID }) => ID === swarm.NodeID)!;
  const maker = { name: names.get(own.ID)!, architecture: own.Description.Platform.Architecture };
  const { nodes: fit, leftOut } = fitting(nodes, maker);
  return { nodes: fit, leftOut: [...found.flatMap((node) => whyNot(node) ?? []), ...leftOut], own: own.ID };
}

function whyNot({ Spec, Status, Description }: SwarmNode): string | undefined {
  if (Status.State !== 'ready') return `${Description.Hostname} (${Status.State})`;
  if (Spec.Availability === 'active') return undefined;
  return `${Description.Hostname} (${Spec.Availability === 'drain' ? 'drained' : 'paused'})`;
}

/** By id: the host name, with the beginning of the id where several nodes have the same. */
function namesOf(found: readonly SwarmNode[]): Map<string, string> {
  const same = Map.groupBy(found, ({ Description }) => Description.Hostname);
  return new Map(
    found.map(({ ID, Description: { Hostname } }) => [
      ID,
      same.get(Hostname)!.length > 1 ? `${Hostname}-${ID.slice(0, 6)}` : Hostname,
    ]),
  );
}

export interface SwarmOptions extends UpOptions {
  lab: Lab;
  sources: Sources;
}

/** The nodes with a way to the engine of each. Disposing closes the ways. Throws LabError. */
export async function swarmNodes(manager: Docker, options: SwarmOptions): Promise<Nodes> {
  const { lab, sources, progress } = options;
  const { nodes, leftOut, own } = await members(manager);
  if (leftOut.length > 0) progress(`left out: ${leftOut.join(', ')}`);
  const [images, base] = await Promise.all([
    prepareImages(manager, { hosts: [] }, sources, options),
    baseImage(manager, options),
  ]);
  const others = nodes.filter(({ id }) => id !== own);
  const ownName = nodes.find(({ id }) => id === own)?.name ?? 'the manager';
  // Before anything else: it takes the ways away where this command is killed.
  const keeper = await startKeeper(
    { name: ownName, docker: manager, socket: SOCKET },
    lab,
    images.get('agent')!,
  );
  const closed: AsyncDisposable[] = [keeper];
  const close = async () => {
    for (const one of closed.splice(0).reverse()) await one[Symbol.asyncDispose]();
  };
  try {
    const way = { ...options, lab, image: base.reference, relay: images.get('agent')! };
    const passage = others.length > 0 ? await openPassage(manager, others, way) : undefined;
    if (passage) closed.push(passage);
    const engines = new Map([...(passage?.engines ?? []), [own, manager]]);
    const all = await Promise.all(
      nodes.map(async ({ id, name, labels }) => ({
        ...(await nodeOf({ name, docker: engines.get(id)!, socket: SOCKET })),
        labels,
      })),
    );
    return { all, keepers: new Map([[ownName, keeper]]), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function noSwarm(message: string, hint: string): LabError {
  return new LabError('no-engine', message, { hint });
}
