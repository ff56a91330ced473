/**
 * From outside: a compose file for the time of the lab, in a folder of the lab's own that also holds the agents' sockets.
 * Docker Compose makes networks and containers from it. They are started when the lab is ready for them.
 */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { patient } from '../../agent/patience.ts';
import type { Plan } from '../../model/planned.ts';
import { connect, explain, isLocal, socketPathOf } from '../containers/connection.ts';
import { type Images, prepareImages, SOURCES } from '../containers/images.ts';
import { type Lab, labelsOf, newLab } from '../containers/labels.ts';
import { refuseTaken } from '../containers/networks.ts';
import { probe as probeDocker } from '../containers/probe.ts';
import { startCreated } from '../containers/programs.ts';
import { sweep, sweepFirst } from '../containers/sweep.ts';
import { takeDown } from '../containers/take-down.ts';
import { takenSubnets } from '../containers/taken-subnets.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { folderOf, makeFolder, removeFolder } from '../lab-folders.ts';
import { sideBySide } from '../side-by-side.ts';
import { compose, composeVersion } from './command.ts';
import { hostsFile } from './file.ts';
import { type Passage, passage } from './passage.ts';
import { refuseSignal } from './programs.ts';
import { agentService, type Sources } from './services.ts';
import { connectAll } from './sockets.ts';
import { never } from './unsupported.ts';

type Docker = ReturnType<typeof connect>;

const STARTS_AT_ONCE = 8;
/** Milliseconds from the last agent's start. */
const LISTENS_WITHIN = 60_000;

export function outside(): Pick<Required<Engine>, 'probe' | 'up' | 'taken' | 'sweep'> {
  return { probe, up, taken: () => takenSubnets(connect()), sweep };
}

async function probe(): Promise<EngineReport> {
  const [docker, found] = await Promise.all([probeDocker(), composeVersion()]);
  if (docker.lacking) return { ...docker, name: 'compose' };
  if ('complaint' in found) {
    const why = `Docker answers, but not its plugin Compose (${found.complaint.split('\n')[0]})`;
    const hint = 'install it (Debian: apt-get install docker-compose, Docker: docker-compose-plugin)';
    return { name: 'compose', lacking: { why, hint } };
  }
  if (!isLocal(connect())) {
    const why = 'the Docker Engine is on another machine: its sockets cannot be shared with this one';
    const hint = 'use --engine docker, or `lanlab compose` and `docker compose up`';
    return { name: 'compose', lacking: { why, hint } };
  }
  return { name: 'compose', version: `Compose ${found.version}, ${docker.version}` };
}

async function up(plan: Plan, options: UpOptions): Promise<LiveNetwork> {
  const { progress, signal } = options;
  signal.throwIfAborted();
  const docker = connect();
  const lab = newLab(plan.lab, options.id);
  await sweepFirst(docker, progress);
  const images = await prepareImages(docker, plan, SOURCES, options);
  await refuseTaken(docker, plan.networks);
  const release = async () => {
    await takeDown(docker, lab.id);
    await removeFolder(lab.id);
  };
  try {
    progress(`making networks (${plan.networks.length}) and hosts (${plan.hosts.length})`);
    const containers = await create(docker, lab, plan, images, signal);
    const streams = await startAgents(docker, lab, plan, containers, signal);
    return liveNetwork(docker, lab, { containers, streams }, release);
  } catch (error) {
    // If that fails too, the first error says more, and the next lab's sweep does it again.
    await release().catch(() => {});
    throw error;
  }
}

/** Ids of containers, by the service of the compose file. */
type Containers = Map<string, string>;

async function create(
  docker: Docker,
  lab: Lab,
  plan: Plan,
  images: Images,
  signal: AbortSignal,
): Promise<Containers> {
  const folder = await makeFolder(lab.id);
  const file = join(folder, 'compose.yaml');
  await writeFile(file, hostsFile(plan, sourcesOf(lab, images, join(folder, 'agents'))));
  const way = await passage(join(folder, 'docker.sock'), await socketPathOf(docker));
  await untilAborted(['--project-name', lab.id, '--file', file, 'create'], way, signal);
  const filters = { label: [`com.docker.compose.project=${lab.id}`] };
  const made = await docker.listContainers({ all: true, filters });
  return new Map(made.map(({ Id, Labels }) => [Labels['com.docker.compose.service'] ?? '', Id]));
}

/** After an abort it rejects only when nothing more is being made. */
async function untilAborted(args: readonly string[], way: Passage, signal: AbortSignal): Promise<void> {
  const stop = () => void way.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await compose(args, { env: way.env });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
    await way.close();
  }
}

function sourcesOf(lab: Lab, images: Images, sockets: string): Sources {
  const here = (name: string) => ({ image: images.get(name) ?? name, pull_policy: 'never' });
  const built = (_: unknown, name: string) => here(name);
  return { agent: here('agent'), service: here, built, sockets, labels: (host) => labelsOf(lab, host) };
}

async function startAgents(
  docker: Docker,
  lab: Lab,
  { hosts }: Plan,
  containers: Containers,
  signal: AbortSignal,
): Promise<Map<string, Duplex>> {
  const start = async ({ name }: { name: string }) => {
    const id = containers.get(agentService(name))!;
    await docker
      .getContainer(id)
      .start()
      .catch((error: unknown) => {
        throw explain(error, `start the host ${name}`);
      });
  };
  await sideBySide(hosts, STARTS_AT_ONCE, start, signal);
  return connectAll(join(folderOf(lab.id), 'agents'), hosts, { signal, within: patient(LISTENS_WITHIN) });
}

interface Parts {
  containers: Containers;
  streams: Map<string, Duplex>;
}

function liveNetwork(
  docker: Docker,
  lab: Lab,
  { containers, streams }: Parts,
  release: () => Promise<void>,
): LiveNetwork {
  let released: Promise<void> | undefined;
  return {
    id: lab.id,
    stream: (host) => streams.get(host)!,
    start: async ({ name }, output) => {
      const container = docker.getContainer(containers.get(name)!);
      const { ended } = await startCreated(docker, container, { host: name, apart: false }, output);
      return { ended, signal: refuseSignal, byEngine: true };
    },
    add: async () => {
      throw never('changes');
    },
    remove: async () => {
      throw never('changes');
    },
    [Symbol.asyncDispose]: () => {
      for (const stream of streams.values()) stream.destroy();
      released ??= release();
      return released;
    },
  };
}
