/** A lab over several nodes: each node has a part of it, which is a lab of its own there, and a keeper. */
import type { Duplex } from 'node:stream';
import { Clocks } from '../../clocks/clocks.ts';
import { LabError } from '../../errors.ts';
import { type Reading, VXLAN_OVERHEAD } from '../../keeper/calls.ts';
import type { Plan, PlannedHost, PlannedNetwork } from '../../model/planned.ts';
import { baseImage } from '../containers/base.ts';
import { asked } from '../containers/connection.ts';
import { type Images, prepareImages, type Sources } from '../containers/images.ts';
import { bringUp } from '../containers/lab.ts';
import type { Lab } from '../containers/labels.ts';
import { networkName } from '../containers/networks.ts';
import type { LiveNetwork, ProgramOutput, RunningProgram, UpOptions } from '../engine.ts';
import { sideBySide } from '../side-by-side.ts';
import { giveImages } from './images.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { CHANGES } from './never.ts';
import type { Node } from './node.ts';
import type { Nodes } from './nodes.ts';
import { numberOf } from './number.ts';

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
    return this.#partOf(host).stream(host);
  }

  start(host: PlannedHost, output: ProgramOutput): Promise<RunningProgram> {
    return this.#partOf(host.name).start(host, output);
  }

  /** All of it, once. A failure leaves what was made to the caller, who disposes. Throws LabError. */
  async begin(plan: Part, options: UpOptions): Promise<void> {
    for (const { name, node } of plan.hosts)
      this.#placed.set(name, this.#nodes.find((one) => one.name === node)!);
    const used = this.#nodes.filter((node) => plan.hosts.some(({ name }) => this.#placed.get(name) === node));
    const images = await this.#prepare(used, plan, options);
    await sideBySide(used, used.length, (node) => this.#bringUp(node, plan, images, options), options.signal);
    await sideBySide(used, used.length, (node) => this.#join(node, used, plan), options.signal);
    this.clocks = await this.#compareClocks();
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

  async #bringUp(node: Node, plan: Part, images: Images, options: UpOptions): Promise<void> {
    const there = this.#ways.keepers.get(node.name);
    const keeper = there ?? (await startKeeper(node, this.#lab, images.get('agent')!));
    this.#keepers.set(node, keeper);
    void keeper.gone.then((reason) => this.#lose(node, reason));
    const part = { lab: this.#lab.name, ...this.#partAt(node, plan) };
    this.#parts.set(node, await bringUp(node.docker, part, this.#sources, { ...options, id: this.id }));
  }

  /** The agents of its hosts are gone with it; every call to them fails with the reason. */
  #lose(node: Node, reason: LabError): void {
    for (const [host, one] of this.#placed)
      if (one === node) this.#parts.get(node)?.stream(host).destroy(reason);
  }

  /** Joins the networks of a node that have hosts on other nodes too. */
  async #join(node: Node, used: readonly Node[], plan: Part): Promise<void> {
    const spans = (network: string) =>
      plan.hosts.some((host) => isOn(network, host) && this.#placed.get(host.name) !== node);
    const spanning = this.#partAt(node, plan).networks.filter(({ name }) => spans(name));
    if (spanning.length === 0) return;
    const networks = await Promise.all(
      spanning.map(async ({ name, mtu }) => ({
        bridge: await bridgeOf(node, this.#lab, name),
        number: numberOf(this.id, name),
        mtu,
      })),
    );
    const lost = used.find(({ address }) => address === '');
    if (lost) throw noAddress(lost);
    const remotes = used.filter((one) => one !== node).map(({ address }) => address);
    const { calls } = this.#keepers.get(node)!;
    await asked(`join ${node.name} to the other nodes`, async () => {
      for (const { to, mtu } of await calls.ways(remotes)) refuseLarger(spanning, mtu, node, to);
      await calls.join({ local: node.address, remotes, networks });
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

function noAddress({ name }: Node): LabError {
  return new LabError(
    'usage',
    `nobody knows the address of ${name}: it is listed with a socket, and in no Swarm`,
    {
      hint: `list it with its address (${name}=ssh://user@ADDRESS), or join it to a Swarm`,
    },
  );
}

/** Frames of a network have VXLAN's headers around them on their way to another node. */
function refuseLarger(networks: readonly PlannedNetwork[], carried: number, node: Node, to: string): void {
  const most = carried - VXLAN_OVERHEAD;
  const large = networks.find(({ mtu }) => mtu > most);
  if (!large) return;
  const message = `\`${large.name}\` has an MTU of ${large.mtu}, and from ${node.name} to ${to} at most ${most} bytes pass`;
  throw new LabError('unsupported', `${message} (${carried} less ${VXLAN_OVERHEAD} for VXLAN)`, {
    hint: `write mtu: ${most} at \`${large.name}\`, or have its hosts on one machine (\`on\`)`,
  });
}

/** The name that Docker gives to the bridge of a network. */
async function bridgeOf({ docker }: Node, lab: Lab, network: string): Promise<string> {
  const { Id } = await asked(`look for the network ${network}`, () =>
    docker.getNetwork(networkName(lab, network)).inspect(),
  );
  return `br-${Id.slice(0, 12)}`;
}
