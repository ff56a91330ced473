/** A lab on namespaces, as its first process holds it: switches, hosts, programs, agents. */
import type { Duplex } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { LINK } from '../agent/cable/impairment.ts';
import { findCapabilities, has } from '../agent/capabilities.ts';
import { setSysctls } from '../agent/configure.ts';
import type { Capabilities, Lacking } from '../agent/protocol.ts';
import { tool } from '../agent/tool.ts';
import { startAgent } from './agents.ts';
import type { CommandCalls, InitCalls, Part } from './calls.ts';
import { layGround, type Machine } from './ground.ts';
import { Host } from './hosts.ts';
import { standAlone } from './kernel.ts';
import type { Ground } from './layers.ts';
import { Home } from './namespaces.ts';
import { inParallel } from './parallel.ts';
import { processesOf } from './processes.ts';
import { Programs, type Telling } from './programs.ts';
import { cableOf, Switch } from './switch.ts';

export interface CommandNews extends Telling {
  agentEnded(...args: Parameters<CommandCalls['agentEnded']>): Promise<unknown>;
  carrying(): Promise<unknown>;
}

export class Lab {
  readonly #channel: (number: number) => Duplex;
  readonly #told: CommandNews;
  readonly #switch: Switch;
  readonly #programs: Programs;
  readonly #hosts = new Map<string, Host>();
  readonly #agents = new Map<string, Worker>();
  #home: Home | undefined;
  #ground: Ground = { keep: [], layered: [] };
  #cuts: true | Lacking = true;
  #frames: true | Lacking = true;

  constructor(channel: (number: number) => Duplex, told: CommandNews) {
    this.#channel = channel;
    this.#told = told;
    this.#switch = new Switch(() => void this.#told.carrying());
    this.#programs = new Programs(told);
  }

  readonly calls: InitCalls = {
    begin: (machine) => this.#begin(machine),
    add: (part) => this.#add(part),
    remove: (part) => this.#remove(part),
    renew: ({ host, hostsFile, routes }) => this.#host(host).renew(hostsFile, routes),
    move: async ({ host, card, network }) => {
      // Its addresses have gone, and these routes with them.
      this.#host(host).forgetRoutes(card);
      await this.#switch.move(host, card, network);
    },
    agent: async ({ host, channel }) => this.#agent(host, channel),
    start: (order) => this.#programs.start(order, this.#host(order.host)),
    signal: async ({ run, name }) => this.#programs.signal(run, name),
    processes: async ({ host }) =>
      processesOf(this.#host(host).process, this.#programs.ofHost(host)).map(({ pid }) => pid),
  };

  async #begin(machine: Machine): Promise<Capabilities> {
    standAlone();
    this.#ground = await layGround(machine);
    // IPv6 is off before there is any card, so that no card ever announces itself.
    const off = ['all', 'default'].map(
      (card) => [`net.ipv6.conf.${card}.disable_ipv6`, '1'] as [string, string],
    );
    setSysctls('the lab', off);
    this.#home = new Home();
    const [capabilities, cuts] = await Promise.all([
      findCapabilities(() => Promise.resolve(true)),
      this.#switch.begin().then(() => true as const, lackingCuts),
      // Some kernels let a namespace be made, but refuse all changes in it. These lines find that out.
      tool(['ip', '-batch', '-'], 'link add name probe0 type veth peer name probe1\nlink del probe0\n'),
    ]);
    this.#cuts = cuts;
    this.#frames = capabilities.frames;
    return { ...capabilities, patch: this.#cuts };
  }

  async #add({ networks, hosts: orders, hostsFiles }: Part): Promise<void> {
    const coming = orders.map((order) => {
      const host = new Host(order, this.#home!, this.#ground);
      this.#hosts.set(host.name, host);
      return host;
    });
    await Promise.all(coming.map((host) => host.begun()));
    const lines = this.#switch.plugIn(networks, orders, (name) => this.#host(name).process);
    if (lines.length > 0) await tool(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
    // A host that was cut off and has come again has another port.
    await this.#switch.reload();
    await inParallel(orders, async ({ setup, hostsFile }) => {
      await this.#host(setup.hostname).setUp(hostsFiles[hostsFile]!);
    });
    // The command that brings the lab up knows what is lacking, and says so.
    if (this.#frames !== true) return;
    for (const { setup } of orders) await this.#impair(setup);
    await this.#switch.carrying();
  }

  async #impair({ hostname: host, interfaces }: Part['hosts'][number]['setup']): Promise<void> {
    for (const { name: card, link } of interfaces)
      if (link) await this.#switch.cables.impair(cableOf({ host, card }), LINK, link);
  }

  async #remove({ hosts, networks }: { hosts: string[]; networks: string[] }): Promise<void> {
    const going = hosts.flatMap((name) => this.#hosts.get(name) ?? []);
    for (const name of hosts) this.#hosts.delete(name);
    // First the hosts, then their agents: process 1 of a host is gone only when all processes that its agent started there
    // have been waited for.
    await Promise.all(going.map((host) => host.end()));
    await Promise.all(
      hosts.map(async (name) => {
        const agent = this.#agents.get(name);
        this.#agents.delete(name);
        await agent?.terminate();
      }),
    );
    const lines = await this.#switch.unplug(networks, hosts);
    // A card or bridge that is gone already does not stop the removal of the others.
    if (lines.length > 0)
      await tool(['ip', '-force', '-batch', '-'], `${lines.join('\n')}\n`).catch(() => {});
  }

  #agent(name: string, channel: number): void {
    const host = this.#host(name);
    const around = { switch: this.#switch, programs: this.#programs, cuts: this.#cuts === true };
    const worker = startAgent(host, this.#channel(channel), around, (words, few) => {
      if (this.#agents.get(name) !== worker) return;
      this.#agents.delete(name);
      void this.#told.agentEnded(channel, words, few);
    });
    this.#agents.set(name, worker);
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name);
    if (!host) throw new Error(`no host ${name} here`);
    return host;
  }
}

async function lackingCuts(error: Error): Promise<Lacking> {
  const there = await has('nft', 'nftables');
  if (there !== true) return there;
  return {
    why: error.message,
    hint: 'use a kernel with nf_tables and its bridge family (CONFIG_NF_TABLES_BRIDGE)',
  };
}
