/** The engine `swarm`: one lab over the Docker Engines of several machines, each of which holds a part of it. */

import { LabError } from '../../errors.ts';
import type { Plan } from '../../model/planned.ts';
import { connect } from '../containers/connection.ts';
import { SOURCES, type Sources } from '../containers/images.ts';
import { newLab } from '../containers/labels.ts';
import { sweep } from '../containers/sweep.ts';
import { takenSubnets } from '../containers/taken-subnets.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { fitting, refuseFull } from './fitting.ts';
import { SwarmLab } from './lab.ts';
import { type Listed, machinesOf } from './machines.ts';
import { MTU, NEVER, unsupported } from './never.ts';
import { listedNode, type Member, type Node } from './node.ts';
import type { Nodes } from './nodes.ts';
import { place } from './placement.ts';
import { members, swarmNodes } from './swarm.ts';

/** `hostsPerCore`: the hosts that a core has room for, where it is not as usual. */
export function swarmEngine(sources: Sources = SOURCES, hostsPerCore?: number): Engine {
  return {
    name: 'swarm',
    never: NEVER,
    probe,
    mtu: MTU,
    machines: async () => (await known()).nodes.map(({ name }) => name),
    place: async (plan, before) => place(plan, (await known()).nodes, hostsPerCore, before),
    unsupported,
    up: (plan, options) => up(plan, sources, options),
    taken: async () => (await Promise.all(reachable().map(takenSubnets))).flat(),
    sweep: async (ids) => {
      const swept = await Promise.all(reachable().map((docker) => sweep(ids, docker)));
      return [...new Set(swept.flat())];
    },
  };
}

/** Machines that the user lists; undefined where the Docker context is to lead to a Swarm. */
function listed() {
  const text = process.env.LANLAB_MACHINES;
  return text ? machinesOf(text) : undefined;
}

/** The nodes, as they are known without a way through the Swarm. */
async function known(): Promise<{ nodes: readonly Member[]; leftOut: string[] }> {
  const machines = listed();
  return machines ? fromList(machines) : members(connect());
}

/** The first one makes the images. */
async function fromList(machines: readonly Listed[]): Promise<{ nodes: Node[]; leftOut: string[] }> {
  const nodes = await Promise.all(machines.map(listedNode));
  return fitting(nodes, nodes[0]!);
}

async function listedNodes(machines: readonly Listed[], { progress }: UpOptions): Promise<Node[]> {
  const { nodes, leftOut } = await fromList(machines);
  if (leftOut.length > 0) progress(`left out: ${leftOut.join(', ')}`);
  return nodes;
}

/** The engines that answer without a way through the Swarm. */
function reachable() {
  return listed()?.map(({ docker }) => docker) ?? [connect()];
}

async function probe(): Promise<EngineReport> {
  try {
    const { nodes, leftOut } = await known();
    return {
      ...{ name: 'swarm', version: `${nodes.length} machines` },
      nodes: nodes.map(({ name, version, cores, memory }) => ({ name, version, cores, memory })),
      ...(leftOut.length > 0 && { leftOut }),
    };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { name: 'swarm', lacking: { why: error.message, hint: error.hint ?? '' } };
  }
}

async function up(plan: Plan, sources: Sources, options: UpOptions): Promise<LiveNetwork> {
  const named = newLab(plan.lab, options.id);
  const machines = listed();
  const nodes: Nodes = machines
    ? {
        all: await listedNodes(machines, options),
        keepers: new Map(),
        [Symbol.asyncDispose]: async () => {},
      }
    : await swarmNodes(connect(), { ...options, lab: named, sources });
  const lab = new SwarmLab(nodes, named, sources);
  try {
    const all = placed(plan, nodes.all);
    refuseFull(all.hosts, nodes.all);
    await lab.add(all, options);
    return lab;
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}

/** Most plans have a node for each host already; a plan that was made without the engine has none. */
function placed(plan: Plan, nodes: readonly Member[]): Plan {
  if (plan.hosts.every(({ node }) => node !== undefined)) return plan;
  const places = place(plan, nodes);
  return { ...plan, hosts: plan.hosts.map((host) => ({ ...host, node: places.get(host.name)! })) };
}
