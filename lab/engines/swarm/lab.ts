/** A lab over several nodes: each node has a part of it, which is a lab of its own there, and a keeper. */
import type { Duplex } from 'node:stream';
import { Clocks } from '../../clocks/clocks.ts';
import type { LabError } from '../../errors.ts';
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
import { noNode } from './no-node.ts';
import type { Node } from './node.ts';
import type { Nodes } from './nodes.ts';
import { numberOf } from './number.ts';
import { Registry } from './registry.ts';
import { Splits } from './splits.ts';

type Part = Pick<Plan, 'networks' | 'hosts'>;

const QUIETLY: UpOptions = { progress() {}, signal: new AbortController().signal };

export class SwarmLab implements LiveNetwork {
  readonly #nodes: readonly Node[];
  readonly #ways: Nodes;
  readonly #sources: Sources;
  readonly #lab: Lab;
  /** By host: its node. */
  readonly #placed = new Map<string, Node>();
  readonly #networks = new Map<string, PlannedNetwork>();
  readonly #parts = new Map<Node, LiveNetwork>();
  /** The networks that each node has. One that no host is on any more stays until it is removed. */
  readonly #at = new Map<Node, Set<string>>();
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

  /** Of a failure at the beginning the caller, who disposes, takes down what was made. Throws LabError. */
  async add(part: Part, options: UpOptions): Promise<void> {
    for (const network of part.networks) this.#networks.set(network.name, network);
    for (const { name, node } of part.hosts) this.#placed.set(name, this.#named(node!));
    const used = this.#nodes.filter((node) => this.#hostsAt(node, part).length > 0);
    const wanted = new Map(used.map((node) => [node, networksOf(this.#hostsAt(node, part))]));
    try {
      const images = await this.#prepare(used, part, options);
      const each = (work: (node: Node) => Promise<void>) =>
        sideBySide(used, used.length, work, options.signal);
      await each((node) => this.#keep(node, images, options));
      await this.#reach(wanted, () => each((node) => this.#bringUp(node, part, options)));
    } catch (error) {
      await this.remove({ hosts: namesOf(part.hosts), networks: namesOf(part.networks) }).catch(() => {});
      throw error;
    }
    this.clocks = await this.#compareClocks();
  }

  async remove({ hosts, networks }: { hosts: string[]; networks: string[] }): Promise<void> {
    await Promise.all(
      [...this.#parts].map(async ([node, part]) => {
        if (this.#lost.has(node)) return;
        const going = networks.filter((name) => this.#at.get(node)!.has(name));
        const leaving = hosts.filter((name) => this.#placed.get(name) === node);
        if (going.length + leaving.length === 0) return;
        await this.#closePorts(node, going);
        for (const name of going) this.#at.get(node)!.delete(name);
        await part.remove({ hosts: leaving, networks: going });
      }),
    );
    for (const host of hosts) this.#placed.delete(host);
    for (const network of networks) this.#networks.delete(network);
  }

  /** A machine that had no host on the network gets it. */
  async move({ host, card, network }: { host: string; card: string; network: string }): Promise<void> {
    const node = this.#placed.get(host)!;
    const part = this.#partOf(host);
    await this.#reach(new Map([[node, [network]]]), async () => {
      const missing = this.#missing(node, [network]);
      if (missing.length > 0) await part.add({ networks: missing, hosts: [] }, QUIETLY);
      for (const { name } of missing) this.#at.get(node)!.add(name);
    });
    await part.move!({ host, card, network });
  }

  /** Looks at the ways before `make` gives the nodes these networks, and joins the nodes afterwards. */
  async #reach(wanted: ReadonlyMap<Node, readonly string[]>, make: () => Promise<unknown>): Promise<void> {
    const isNew = [...wanted].some(([node, networks]) => this.#missing(node, networks).length > 0);
    if (isNew) await checkBetween(this.#ends(wanted), this.id);
    await make();
    if (!isNew) return;
    const ends = this.#ends().filter(({ spanning }) => spanning.length > 0);
    await Promise.all(ends.map((end) => this.#join(end, ends)));
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
    const place = process.env.LANLAB_REGISTRY;
    const registry = place ? new Registry(place, maker.docker) : undefined;
    const give = (node: Node) => giveImages(maker.docker, node, references, options, registry);
    await sideBySide(others, others.length, give, options.signal);
    return images;
  }

  async #keep(node: Node, images: Images, options: UpOptions): Promise<void> {
    if (this.#keepers.has(node)) return;
    const there = this.#ways.keepers.get(node.name);
    const keeper = there ?? (await startKeeper(node, this.#lab, images.get('agent')!));
    this.#keepers.set(node, keeper);
    void keeper.gone.then((reason) => this.#lose(node, reason, options));
  }

  async #bringUp(node: Node, part: Part, options: UpOptions): Promise<void> {
    const hosts = this.#hostsAt(node, part);
    const at = this.#at.get(node) ?? new Set();
    this.#at.set(node, at);
    const networks = this.#missing(node, networksOf(hosts));
    const there = this.#parts.get(node);
    if (there) await this.#whileThere(node, there.add({ networks, hosts }, options));
    else {
      const plan = { lab: this.#lab.name, networks, hosts };
      const up = { ...options, id: this.id };
      const made = bringUp(node.docker, plan, this.#sources, up, this.#keepers.get(node)!.lost);
      this.#parts.set(node, await this.#whileThere(node, made));
    }
    for (const { name } of networks) at.add(name);
  }

  /** The agents of its hosts are gone with it; every call to them fails with the reason. */
  #lose(node: Node, reason: LabError, { progress }: UpOptions): void {
    this.#lost.set(node, reason);
    progress(reason.message);
    for (const [host, one] of this.#placed)
      if (one === node) this.#parts.get(node)?.stream(host).destroy(reason);
  }

  /** The nodes that are there, as if those of `wanted` had these networks too. */
  #ends(wanted: ReadonlyMap<Node, readonly string[]> = new Map()): End[] {
    const there = [...this.#keepers].filter(([node]) => !this.#lost.has(node));
    const has = new Map(
      there.map(([node]) => [node, new Set([...(this.#at.get(node) ?? []), ...(wanted.get(node) ?? [])])]),
    );
    return there.map(([node, keeper]) => {
      const spans = (name: string) => [...has].some(([other, names]) => other !== node && names.has(name));
      const names = [...has.get(node)!].filter(spans);
      return { node, keeper, spanning: names.map((name) => this.#networks.get(name)!) };
    });
  }

  /** Joins the networks of a node that have hosts on other nodes too. */
  async #join({ node, keeper, spanning }: End, ends: readonly End[]): Promise<void> {
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

  async #closePorts(node: Node, networks: readonly string[]): Promise<void> {
    if (networks.length === 0) return;
    await asked(`part ${node.name} from the other nodes`, async () => {
      const bridges = await Promise.all(networks.map((name) => bridgeOf(node, this.#lab, name)));
      await this.#keepers.get(node)!.calls.part(bridges);
    });
  }

  #hostsAt(node: Node, { hosts }: Pick<Part, 'hosts'>): PlannedHost[] {
    return hosts.filter(({ name }) => this.#placed.get(name) === node);
  }

  /** Those of these networks that the node does not have yet. */
  #missing(node: Node, networks: readonly string[]): PlannedNetwork[] {
    const missing = networks.filter((name) => !this.#at.get(node)?.has(name));
    return missing.map((name) => this.#networks.get(name)!);
  }
}

function networksOf(hosts: readonly PlannedHost[]): string[] {
  return [...new Set(hosts.flatMap(({ interfaces }) => interfaces.map(({ network }) => network)))];
}

const namesOf = (items: readonly { name: string }[]) => items.map(({ name }) => name);

/** The name that Docker gives to the bridge of a network. */
async function bridgeOf({ docker }: Node, lab: Lab, network: string): Promise<string> {
  const { Id } = await asked(`look for the network ${network}`, () =>
    docker.getNetwork(networkName(lab, network)).inspect(),
  );
  return `br-${Id.slice(0, 12)}`;
}
