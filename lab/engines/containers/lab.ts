/**
 * A lab on one Docker Engine. Its networks are bridge networks, a host is the container of its agent, and a program is a
 * container that joins the network of its agent.
 */
import type Docker from 'dockerode';
import type { Lacking } from '../../agent/protocol.ts';
import type { Plan, PlannedHost } from '../../model/planned.ts';
import type { LiveNetwork, UpOptions } from '../engine.ts';
import { interrupted, sideBySide } from '../side-by-side.ts';
import { type Agent, endAgents, moveAgent, putAgentAhead, startAgent, type WhyLost } from './agents.ts';
import { agentImage, type Images, imageFor, prepareImages, type Sources } from './images.ts';
import { type Lab, newLab } from './labels.ts';
import { createNetwork, networkName, refuseTaken } from './networks.ts';
import { lackingShares, startProgram } from './programs.ts';
import { sweepFirst } from './sweep.ts';
import { takeDown, takeDownPart } from './take-down.ts';

type Part = Pick<Plan, 'networks' | 'hosts'>;

const CREATIONS_AT_ONCE = 8;

/** `lost` says why the engine is gone, where somebody watches it. Throws LabError. A failure on the way takes down what was made. */
export async function bringUp(
  docker: Docker,
  plan: Part & Pick<Plan, 'lab'>,
  sources: Sources,
  options: UpOptions,
  lost: WhyLost = async () => undefined,
): Promise<LiveNetwork> {
  if (options.signal.aborted) throw interrupted();
  const live: Live = {
    docker,
    sources,
    lost,
    lab: newLab(plan.lab, options.id),
    images: new Map(),
    agents: new Map(),
  };
  await Promise.all([sweepFirst(docker, options.progress), prepare(live, plan, options)]);
  await make(live, plan, options);
  return liveNetwork(live);
}

interface Live {
  docker: Docker;
  sources: Sources;
  lost: WhyLost;
  lab: Lab;
  images: Images;
  agents: Map<string, Agent>;
  /** Why the engine gives no container a share of a processor: asked before the first program starts. */
  lackingShares?: Promise<Lacking | undefined>;
}

/** Every image first: nothing is made for a host that could not start. */
async function add(live: Live, part: Part, options: UpOptions): Promise<void> {
  await prepare(live, part, options);
  await make(live, part, options);
}

async function prepare({ docker, sources, images }: Live, part: Part, options: UpOptions): Promise<void> {
  for (const [name, image] of await prepareImages(docker, part, sources, options)) images.set(name, image);
}

async function make(live: Live, { networks, hosts }: Part, options: UpOptions): Promise<void> {
  const { docker, lab, images, agents, lost } = live;
  const { progress, signal } = options;
  await refuseTaken(docker, networks);
  try {
    progress(`making networks (${networks.length}) and hosts (${hosts.length})`);
    await sideBySide(networks, CREATIONS_AT_ONCE, (each) => createNetwork(docker, lab, each), signal);
    const image = await agentImage(docker, images);
    const start = async (host: PlannedHost) => {
      agents.set(host.name, await startAgent(docker, lab, host, image, lost));
    };
    await sideBySide(hosts, CREATIONS_AT_ONCE, start, signal);
  } catch (error) {
    // If that fails too, the first error says more, and the next lab's sweep does it again.
    await remove(live, { hosts: hosts.map(nameOf), networks: networks.map(nameOf) }).catch(() => {});
    throw error;
  }
}

const nameOf = ({ name }: { name: string }) => name;

async function remove(
  { docker, lab, agents }: Live,
  part: { hosts: string[]; networks: string[] },
): Promise<void> {
  const leaving = part.hosts.flatMap((host) => agents.get(host) ?? []);
  for (const host of part.hosts) agents.delete(host);
  await endAgents(docker, leaving);
  const networks = part.networks.map((network) => networkName(lab, network));
  await takeDownPart(docker, lab.id, { hosts: part.hosts, networks });
}

/** Asks the engine once. If it does not answer, the next program asks again. */
function lackingSharesOf(live: Live): Promise<Lacking | undefined> {
  live.lackingShares ??= lackingShares(live.docker).catch((error: unknown) => {
    delete live.lackingShares;
    throw error;
  });
  return live.lackingShares;
}

function liveNetwork(live: Live): LiveNetwork {
  const { docker, lab, images, agents } = live;
  const runs = new Map<string, number>();
  const starting = new Set<Promise<unknown>>();
  let released: Promise<void> | undefined;
  const agentOf = (host: string): Agent => {
    const agent = agents.get(host);
    if (!agent) throw new Error(`no host ${host} in ${lab.id}`);
    return agent;
  };
  const start: LiveNetwork['start'] = async (host, output) => {
    if (!host.program) throw new Error(`${host.name} has no program`);
    // Before the program starts: if the engine does not answer, nothing runs of which nobody knows.
    const lacking = await lackingSharesOf(live);
    if (released) throw interrupted();
    const run = (runs.get(host.name) ?? 0) + 1;
    runs.set(host.name, run);
    const image = imageFor(images, host.program);
    const place = { lab, host, program: host.program, image, agent: agentOf(host.name).id, run };
    const started = startProgram(docker, place, output);
    starting.add(started);
    const program = await started.finally(() => starting.delete(started));
    return lacking ? { ...program, slow: lacking } : program;
  };
  const dispose = async () => {
    await Promise.allSettled(starting);
    await endAgents(docker, [...agents.values()]);
    await takeDown(docker, lab.id);
  };
  return {
    id: lab.id,
    stream: (host) => agentOf(host).stream,
    carrying: (host) => void putAgentAhead(docker, agentOf(host)).catch(() => {}),
    start,
    add: (part, options) => add(live, part, options),
    move: ({ host, network }) => moveAgent(docker, agentOf(host), networkName(lab, network)),
    remove: (part) => remove(live, part),
    [Symbol.asyncDispose]: () => {
      released ??= dispose();
      return released;
    },
  };
}
