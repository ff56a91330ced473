/** A lab over several nodes: each node has a part of it, which is a lab of its own there, and a keeper. */
import type { Duplex } from 'node:stream';
import { Clocks } from '../../clocks/clocks.ts';
import { LabError } from '../../errors.ts';
import type { Reading } from '../../keeper/calls.ts';
import type { Plan, PlannedHost, PlannedNetwork } from '../../model/planned.ts';
import { baseImage } from '../containers/base.ts';
import { asked } from '../containers/connection.ts';
import { type Images, prepareImages, type Sources } from '../containers/images.ts';
import { bringUp } from '../containers/lab.ts';
import type { Lab } from '../containers/labels.ts';
import { networkName } from '../containers/networks.ts';
import type { LiveNetwork, ProgramOutput, RunningProgram, UpOptions } from '../engine.ts';
import { sideBySide } from '../side-by-side.ts';
import { checkBetween, type End, remotesOf } from './between.ts';
import { giveImages } from './images.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { CHANGES } from './never.ts';
import { noNode } from './no-node.ts';
import type { Node } from './node.ts';
import type { Nodes } from './nodes.ts';
import { numberOf } from './number.ts';
import { Splits } from './splits.ts';

type Part = Pick<Plan, 'networks' | 'hosts'>;

export class SwarmLab implements LiveNetwork {
  readonly #nodes: readonly Node[];
  readonly #ways: Nodes;
  readonly #sources: Sources;
  readonly #lab: Lab;
  /** By host: its node. */
  readonly #placed = new Map<string, Node>();
  readonly #parts = new Map<Node, LiveNetwork>();
  readonly #keepers = new Map<Node, Keeper>();
  /** The nodes that are gone, each with the reason. */
  readonly #lost = new Map<Node, LabError>();
  readonly #splits = new Splits(this.#keepers, this.#lost);
  #released: Promise<void> | undefined;
  clocks?: Clocks;

  /** With the lab, the ways to the nodes are closed. */
  constructor(nodes: Nodes, lab: Lab, sources: Sources) {
    this.#nodes = nodes.all;
    this.#ways = nodes;
    this.#lab = lab;
    this.#sources = sources;
  }

  get id(): string {
    return this.#lab.id;
  }

  stream(host: string): Duplex {
    const lost = this.#lost.get(this.#placed.get(host)!);
    if (lost) throw lost;
    return this.#partOf(host).stream(host);
  }

  start(host: PlannedHost, output: ProgramOutput): Promise<RunningProgram> {
    return this.#whileThere(this.#placed.get(host.name)!, this.#partOf(host.name).start(host, output));
  }

  async machinesAnswer(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.lost()));
    // The error of a stream is told in its next turn.
    await new Promise(setImmediate);
  }

  /** All of it, once. A failure leaves what was made to the caller, who disposes. Throws LabError. */
  async begin(plan: Part, options: UpOptions): Promise<void> {
    for (const { name, node } of plan.hosts)
      this.#placed.set(name, this.#nodes.find((one) => one.name === node)!);
    const used = this.#nodes.filter((node) => plan.hosts.some(({ name }) => this.#placed.get(name) === node));
    const images = await this.#prepare(used, plan, options);
    const each = <T>(work: (node: Node) => Promise<T>) => sideBySide(used, used.length, work, options.signal);
    await each((node) => this.#keep(node, images, options));
    const ends = used.map((node) => this.#endAt(node, plan));
    await checkBetween(ends, this.id);
    await each((node) => this.#bringUp(node, plan, options));
    await each((node) => this.#join(this.#endAt(node, plan), ends));
    this.clocks = await this.#compareClocks();
  }

  split(one: readonly string[], other: readonly string[]): Promise<() => Promise<void>> {
    const named = (names: readonly string[]) => names.map((name) => this.#named(name));
    return this.#splits.add({ one: named(one), other: named(other) });
  }

  #named(name: string): Node {
    const found = this.#nodes.find((node) => node.name === name);
    const names = this.#nodes.map((node) => node.name);
    if (!found) throw noNode(name, names);
    return found;
  }

  async #compareClocks(): Promise<Clocks> {
    const machineOf = new Map([...this.#placed].map(([host, { name }]) => [host, name]));
    const clocks = new Clocks(machineOf, (machine) => this.timeOf(machine));
    await clocks.ask();
    return clocks;
  }

  /** A reading of the clock of a machine that holds hosts. */
  timeOf(machine: string): Promise<Reading> {
    const [, keeper] = [...this.#keepers].find(([{ name }]) => name === machine)!;
    return keeper.calls.clock();
  }

  add(): Promise<void> {
    return Promise.reject(noChanges());
  }

  remove(): Promise<void> {
    return Promise.reject(noChanges());
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#released ??= this.#dispose();
    return this.#released;
  }

  async #dispose(): Promise<void> {
    // A bridge is removed with its network, and its port would stay.
    await Promise.all(
      [...this.#keepers].map(async ([node, keeper]) => {
        if (!(await keeper.release())) return;
        await this.#parts.get(node)?.[Symbol.asyncDispose]();
        // The manager's goes with the ways, of which it takes care.
        if (!this.#ways.keepers.has(node.name)) await keeper[Symbol.asyncDispose]();
      }),
    );
    await this.#ways[Symbol.asyncDispose]();
  }

  /** Rejects when the node is gone: its engine may never answer. */
  async #whileThere<T>(node: Node, work: Promise<T>): Promise<T> {
    const gone = this.#keepers.get(node)!.gone.then((reason) => Promise.reject(reason));
    return Promise.race([work, gone]);
  }

  #partOf(host: string): LiveNetwork {
    const part = this.#parts.get(this.#placed.get(host)!);
    if (!part) throw new Error(`no host ${host} in ${this.id}`);
    return part;
  }

  /** Images are made on the manager of a Swarm, or else on the first node, and given to the others. */
  async #prepare(used: readonly Node[], plan: Part, options: UpOptions): Promise<Images> {
    const maker = this.#nodes.find(({ name }) => this.#ways.keepers.has(name)) ?? used[0]!;
    const others = used.filter((node) => node !== maker);
    const images = await prepareImages(maker.docker, plan, this.#sources, options);
    const { reference } = await baseImage(maker.docker, options);
    const references = [...new Set([reference, ...images.values()])];
    const give = (node: Node) => giveImages(maker.docker, node, references, options);
    await sideBySide(others, others.length, give, options.signal);
    return images;
  }

  async #keep(node: Node, images: Images, options: UpOptions): Promise<void> {
    const there = this.#ways.keepers.get(node.name);
    const keeper = there ?? (await startKeeper(node, this.#lab, images.get('agent')!));
    this.#keepers.set(node, keeper);
    void keeper.gone.then((reason) => this.#lose(node, reason, options));
  }

  async #bringUp(node: Node, plan: Part, options: UpOptions): Promise<void> {
    const part = { lab: this.#lab.name, ...this.#partAt(node, plan) };
    const up = { ...options, id: this.id };
    const made = bringUp(node.docker, part, this.#sources, up, this.#keepers.get(node)!.lost);
    this.#parts.set(node, await this.#whileThere(node, made));
  }

  /** The agents of its hosts are gone with it; every call to them fails with the reason. */
  #lose(node: Node, reason: LabError, { progress }: UpOptions): void {
    this.#lost.set(node, reason);
    progress(reason.message);
    for (const [host, one] of this.#placed)
      if (one === node) this.#parts.get(node)?.stream(host).destroy(reason);
  }

  #endAt(node: Node, plan: Part): End {
    const isThere = (host: PlannedHost) => this.#placed.get(host.name) === node;
    const spans = ({ name }: PlannedNetwork) => plan.hosts.some((host) => isOn(name, host) && !isThere(host));
    return {
      node,
      keeper: this.#keepers.get(node)!,
      spanning: this.#partAt(node, plan).networks.filter(spans),
    };
  }

  /** Joins the networks of a node that have hosts on other nodes too. */
  async #join({ node, keeper, spanning }: End, ends: readonly End[]): Promise<void> {
    if (spanning.length === 0) return;
    await asked(`join ${node.name} to the other nodes`, async () => {
      const networks = await Promise.all(
        spanning.map(async ({ name, mtu }) => ({
          bridge: await bridgeOf(node, this.#lab, name),
          number: numberOf(this.id, name),
          mtu,
        })),
      );
      await keeper.calls.join({ local: node.address, remotes: remotesOf({ node }, ends), networks });
    });
  }

  #partAt(node: Node, { networks, hosts }: Part): Part {
    const here = hosts.filter(({ name }) => this.#placed.get(name) === node);
    return { hosts: here, networks: networks.filter(({ name }) => here.some((host) => isOn(name, host))) };
  }
}

function noChanges(): LabError {
  return new LabError('unsupported', CHANGES, { hint: 'take the lab down first: lanlab down' });
}

function isOn(network: string, { interfaces }: PlannedHost): boolean {
  return interfaces.some((card) => card.network === network);
}

/** The name that Docker gives to the bridge of a network. */
async function bridgeOf({ docker }: Node, lab: Lab, network: string): Promise<string> {
  const { Id } = await asked(`look for the network ${network}`, () =>
    docker.getNetwork(networkName(lab, network)).inspect(),
  );
  return `br-${Id.slice(0, 12)}`;
}
