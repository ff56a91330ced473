/**
 * The way to the Docker Engines of a Swarm's nodes. A service has a gate on every node, and an overlay network leads there.
 * Our connections begin in a container on it at the manager. All of it is made for one lab, and goes with it.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { patient } from '../../agent/patience.ts';
import { LabError } from '../../errors.ts';
import { WAY } from '../../keeper/calls.ts';
import { GATE_PORT, KEY_FILE } from '../../keeper/gate-calls.ts';
import { bundled } from '../bundles/bundled.ts';
import { asked, OLDEST_API } from '../containers/connection.ts';
import type { Lab } from '../containers/labels.ts';
import { removeContainer } from '../containers/take-down.ts';
import type { UpOptions } from '../engine.ts';
import { GateAgent } from './gate-session.ts';

/** Milliseconds in which every node must have its gate: the base image may have to be pulled there. */
const GATES_WITHIN = 180_000;
/** Milliseconds between two looks: no event tells of a task. */
const LOOK = 200;
const PROGRAM = '/gate.mjs';
/** The label of gates, with the id of the lab. */
const GATE = 'lanlab.gate';

/** A node that a gate is wanted on. */
export interface Wanted {
  /** The node's id in the Swarm. */
  id: string;
  name: string;
}

export interface Passage extends AsyncDisposable {
  /** By the node's id. */
  engines: ReadonlyMap<string, Docker>;
}

export interface PassageOptions extends UpOptions {
  lab: Lab;
  /** The base image, which every node has or pulls. */
  image: string;
  /** The image of the agent, which the manager has. */
  relay: string;
}

/** Throws LabError, and leaves nothing. */
export async function openPassage(
  manager: Docker,
  nodes: readonly Wanted[],
  options: PassageOptions,
): Promise<Passage> {
  const { lab, progress } = options;
  const key = randomBytes(32);
  const made = new Made();
  progress(`opening a way to ${nodes.map(({ name }) => name).join(', ')}`);
  try {
    const relay = await make(manager, made, key, options);
    const addresses = await gatesOf(manager, nodes, lab, options);
    const engines = new Map<string, Docker>();
    for (const [id, address] of addresses) {
      const agent = new GateAgent(relay, address, key);
      made.add(async () => agent.destroy());
      engines.set(id, engineAt(agent, address));
    }
    const removed = (gates: Filters) => () =>
      Promise.all(
        [...engines.values(), manager].map((engine) => orLate(removeGates(engine, gates).catch(() => {}))),
      );
    // Swarm takes seconds to remove a task; its own engine does it at once, though it cannot answer any more.
    made.add(removed({ label: [`${GATE}=${lab.id}`] }));
    // An engine that was killed keeps its gate, and Swarm may have forgotten the task by then.
    await removed({ label: [GATE], status: ['exited', 'dead'] })();
    return { engines, [Symbol.asyncDispose]: () => made.undo() };
  } catch (error) {
    await made.undo();
    throw error;
  }
}

/** The things that were made. They are undone in the reverse order. */
class Made {
  readonly #undo: (() => Promise<unknown>)[] = [];

  add(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }

  async undo(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo().catch(() => {});
  }
}

async function make(manager: Docker, made: Made, key: Buffer, { lab, image, relay }: PassageOptions) {
  const Labels = { [WAY]: lab.id };
  const name = (what: string) => `lanlab-${lab.id}-${what}`;
  return asked('open a way to the nodes of the Swarm', async () => {
    const network = await manager.createNetwork({
      Name: name('ways'),
      Driver: 'overlay',
      Attachable: true,
      Labels,
    });
    made.add(() => removedAtLast(network));
    const secret = await manager.createSecret({
      Name: name('key'),
      Labels,
      Data: Buffer.from(key.toString('hex')).toString('base64'),
    } as Docker.SecretSpec & { Data: string });
    made.add(() => manager.getSecret(secret.ID ?? secret.id).remove());
    const config = await manager.createConfig({
      Name: name('gate'),
      Labels,
      Data: (await readFile(await bundled('gate'))).toString('base64'),
    } as Docker.ConfigSpec & { Data: string });
    made.add(() => manager.getConfig(config.ID ?? config.id).remove());
    const service = await manager.createService({
      Name: name('gate'),
      Labels,
      Mode: { Global: {} },
      EndpointSpec: { Mode: 'dnsrr' },
      Networks: [{ Target: network.id }],
      TaskTemplate: {
        Networks: [{ Target: network.id }],
        RestartPolicy: { Condition: 'none' },
        ContainerSpec: {
          Image: image,
          Command: ['node', PROGRAM],
          StopSignal: 'SIGKILL',
          Labels: { [GATE]: lab.id },
          Mounts: [{ Type: 'bind', Source: '/var/run/docker.sock', Target: '/var/run/docker.sock' }],
          Secrets: [
            {
              SecretID: secret.ID ?? secret.id,
              SecretName: name('key'),
              File: fileAt(KEY_FILE.split('/').at(-1)!),
            },
          ],
          Configs: [{ ConfigID: config.ID ?? config.id, ConfigName: name('gate'), File: fileAt(PROGRAM) }],
        },
      },
    } as unknown as Docker.CreateServiceOptions);
    made.add(() => manager.getService(service.id).remove());
    const container = await manager.createContainer({
      name: name('relay'),
      Image: relay,
      Entrypoint: ['sleep', 'infinity'],
      Labels,
      StopSignal: 'SIGKILL',
      HostConfig: { AutoRemove: true, NetworkMode: name('ways'), LogConfig: { Type: 'none', Config: {} } },
    });
    made.add(() => removeContainer(manager, container.id));
    await container.start();
    return container;
  });
}

const fileAt = (Name: string) => ({ Name, UID: '0', GID: '0', Mode: 0o444 });

/** Milliseconds in which a node must have removed its gate: one that is gone never answers. */
const GATE_WITHIN = 5_000;
/** Looks after which a network is left to Swarm, which removes it when the last task has left it. */
const LOOKS = 100;

/** Resolves when it is gone: Swarm takes its time, and refuses while a task is about to leave the network. */
async function removedAtLast(network: Docker.Network): Promise<void> {
  for (let left = LOOKS; left > 0; left--) {
    await network.remove().catch(() => {});
    const there = await network.inspect().then(
      () => true,
      () => false,
    );
    if (!there) return;
    await pause(LOOK);
  }
}

async function orLate(work: Promise<void>): Promise<void> {
  await Promise.race([work, pause(GATE_WITHIN, undefined, { ref: false })]);
}

/** As Docker filters its containers. */
type Filters = Partial<Record<'label' | 'status', string[]>>;

async function removeGates(engine: Docker, filters: Filters): Promise<void> {
  const gates = await engine.listContainers({ all: true, filters });
  await Promise.all(gates.map(({ Id }) => engine.getContainer(Id).remove({ force: true })));
}

interface Task {
  NodeID: string;
  Status: { State: string; Err?: string };
  NetworksAttachments?: { Addresses?: string[] }[];
}

/** Waits until every node has its gate, and tells the addresses by the id of the node. */
async function gatesOf(
  manager: Docker,
  nodes: readonly Wanted[],
  lab: Lab,
  { signal }: PassageOptions,
): Promise<Map<string, string>> {
  const deadline = performance.now() + patient(GATES_WITHIN);
  for (;;) {
    signal.throwIfAborted();
    const tasks = (await asked('look at the gates', () =>
      manager.listTasks({ filters: { service: [`lanlab-${lab.id}-gate`] } }),
    )) as Task[];
    const running = new Map(
      tasks
        .filter(({ Status }) => Status.State === 'running')
        .map(({ NodeID, NetworksAttachments }) => [
          NodeID,
          NetworksAttachments?.[0]?.Addresses?.[0]?.split('/')[0] ?? '',
        ]),
    );
    const missing = nodes.filter(({ id }) => !running.get(id));
    if (missing.length === 0) return new Map(nodes.map(({ id }) => [id, running.get(id)!]));
    const failed = missing.flatMap(({ id, name }) =>
      tasks
        .filter(({ NodeID, Status }) => NodeID === id && ['failed', 'rejected'].includes(Status.State))
        .map(({ Status }) => `${name}: ${Status.Err ?? Status.State}`),
    );
    if (failed.length > 0 || performance.now() > deadline) {
      const why =
        failed.length > 0
          ? failed.join('; ')
          : `${missing.map(({ name }) => name).join(', ')} did not start it`;
      throw new LabError('engine', `no way to a node of the Swarm: ${why}`, {
        hint: 'each node needs the base image (BASE_IMAGE), or a registry that has it; drain a node that cannot take part',
      });
    }
    await pause(LOOK);
  }
}

/** The Docker Engine behind a gate. */
function engineAt(agent: GateAgent, address: string): Docker {
  return new Docker({
    protocol: 'http',
    host: address,
    port: GATE_PORT,
    version: `v${OLDEST_API}`,
    agent,
  } as Docker.DockerOptions);
}
