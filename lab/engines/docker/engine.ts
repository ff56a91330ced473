/**
 * The engine `docker`. A lab's networks are bridge networks; a host is its agent's container; a program is a
 * container that joins its agent's. This folder is all of the project that knows how Docker is spoken to.
 *
 *   connection  base image  images (context, tar, transcript)  networks  agents  programs  attach  labels  take-down
 */
import type Docker from 'dockerode';
import type { Plan, PlannedHost } from '../../scenario/planned.ts';
import type { Engine, LiveNetwork, RunningProgram, UpOptions } from '../engine.ts';
import { type Agent, startAgent } from './agents.ts';
import { connect } from './connection.ts';
import { type Images, imageFor, prepareImages, SOURCES, type Sources } from './images.ts';
import { type Lab, newLab } from './labels.ts';
import { createNetwork, refuseTaken } from './networks.ts';
import { probe } from './probe.ts';
import { startProgram } from './programs.ts';
import { interrupted, sideBySide } from './side-by-side.ts';
import { sweepWith, takeDown } from './take-down.ts';

const CREATIONS_AT_ONCE = 8;

/** `sources`: folders that the images are built from, where they are not this project's own. */
export function dockerEngine(sources: Sources = SOURCES): Engine {
  return {
    name: 'docker',
    probe,
    unsupported: () => [],
    up: (plan, options) => up(connect(), plan, sources, options),
  };
}

/** Removes what labs left whose owners have ended without taking them down; their ids. */
export async function sweep(): Promise<string[]> {
  return sweepWith(connect());
}

async function up(docker: Docker, plan: Plan, sources: Sources, options: UpOptions): Promise<LiveNetwork> {
  const { progress, signal } = options;
  const lab = newLab(plan.lab);
  if (signal.aborted) throw interrupted();
  for (const id of await sweepWith(docker)) progress(`removed what ${id} had left`);
  const images = await prepareImages(docker, plan, sources, options);
  await refuseTaken(docker, plan.networks);
  const agents = new Map<string, Agent>();
  try {
    progress(`making ${plan.networks.length} networks and ${plan.hosts.length} hosts`);
    await sideBySide(plan.networks, CREATIONS_AT_ONCE, (each) => createNetwork(docker, lab, each), signal);
    const image = images.get('agent') as string;
    const start = async (host: PlannedHost) => {
      agents.set(host.name, await startAgent(docker, lab, host, image));
    };
    await sideBySide(plan.hosts, CREATIONS_AT_ONCE, start, signal);
  } catch (error) {
    await release(docker, lab, agents);
    throw error;
  }
  return live(docker, lab, images, agents);
}

function live(docker: Docker, lab: Lab, images: Images, agents: Map<string, Agent>): LiveNetwork {
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
    if (released) throw interrupted();
    const run = (runs.get(host.name) ?? 0) + 1;
    runs.set(host.name, run);
    const image = imageFor(images, host.program);
    const place = { lab, host, program: host.program, image, agent: agentOf(host.name).id, run };
    const started: Promise<RunningProgram> = startProgram(docker, place, output);
    starting.add(started);
    return started.finally(() => starting.delete(started));
  };
  const dispose = async () => {
    await Promise.allSettled(starting);
    await release(docker, lab, agents);
  };
  return {
    id: lab.id,
    stream: (host) => agentOf(host).stream,
    start,
    [Symbol.asyncDispose]: () => {
      released ??= dispose();
      return released;
    },
  };
}

async function release(docker: Docker, lab: Lab, agents: Map<string, Agent>): Promise<void> {
  for (const { stream } of agents.values()) stream.destroy();
  await takeDown(docker, lab.id);
}
