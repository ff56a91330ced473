/** The hosts of a lab: each is a set of namespaces, held by a process 1 of its own and set up as its plan says. */
import { closeSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { speaksIpv6 } from '../agent/cards.ts';
import { setSysctls, sortSysctls } from '../agent/configure.ts';
import { compileRules } from '../agent/nft/host-rules.ts';
import { compileQuiet } from '../agent/nft/kernel-chatter.ts';
import { OFFLOAD_OFF } from '../agent/offload.ts';
import type { RouteSetup } from '../agent/protocol.ts';
import { compileResolvConf } from '../agent/resolv-conf.ts';
import { linesOf } from '../agent/routes.ts';
import type { Argv } from '../agent/spawn.ts';
import { tool } from '../agent/tool.ts';
import type { HostOrder } from './calls.ts';
import { makeFileTree, ownFile } from './file-tree.ts';
import { type NamespaceKind, setHostname } from './kernel.ts';
import type { Ground } from './layers.ts';
import type { Home } from './namespaces.ts';
import { bringUpCards } from './netlink.ts';
import { end, nextWords, running, type Started, start } from './start.ts';
import { mountSysfs } from './sysfs.ts';

/**
 * Process 1 of a host. It mounts a /proc with the host's processes, says that it is ready, and takes in processes whose
 * parents have ended, so that none stays a zombie.
 */
const READY = 'ready\n';
const FIRST_PROCESS =
  'mount -t proc proc /proc && echo ready && exec >&- 2>&- && while :; do sleep infinity & wait; done';

export class Host {
  readonly name: string;
  readonly #home: Home;
  readonly #order: HostOrder;
  readonly #first: Started;
  /** Its output is closed. */
  #heard = false;
  #routes: readonly RouteSetup[];

  constructor(order: HostOrder, home: Home, ground: Ground) {
    this.name = order.setup.hostname;
    this.#home = home;
    this.#order = order;
    this.#routes = order.setup.routes;
    const folders = order.files.map(({ path }) => dirname(path));
    this.#first = home.inNew(() => {
      // Before there are cards, so that new cards begin with these settings.
      setSysctls(order.setup.hostname, sortSysctls(order.setup.sysctls).before);
      setHostname(this.name);
      makeFileTree(ground, folders);
      mountSysfs();
      return start(['sh', '-c', FIRST_PROCESS], process.env);
    });
  }

  get process(): number {
    return this.#first.pid;
  }

  get setup(): HostOrder['setup'] {
    return this.#order.setup;
  }

  /** Resolves when its process 1 has its /proc. */
  async begun(): Promise<void> {
    let words = '';
    try {
      for (let said = await this.#next(); said !== ''; said = await this.#next()) words += said;
    } finally {
      this.#closeOutput();
    }
    if (words !== READY) throw new Error(`${this.name} did not come up: ${words.trim()}`);
  }

  #next(): Promise<string> {
    return nextWords(this.#first.output);
  }

  #closeOutput(): void {
    if (this.#heard) return;
    this.#heard = true;
    closeSync(this.#first.output);
  }

  /** Does work that awaits nothing, in some of its namespaces. */
  within<T>(kinds: readonly NamespaceKind[], work: () => T): T {
    try {
      return this.#home.within(this.process, kinds, work);
    } catch (error) {
      if (running(this.process)) throw error;
      throw new Error(`process 1 of ${this.name} has been killed`, { cause: error });
    }
  }

  /** Gives the host its addresses, routes, rules, names and files. Its cards must be there. */
  async setUp(hostsFile: string): Promise<void> {
    const { setup } = this;
    if (setup.interfaces.some(speaksIpv6)) await this.#tool(['nft', '-f', '-'], compileQuiet());
    this.within(['net'], () => {
      bringUpCards(setup.interfaces);
      setSysctls(setup.hostname, sortSysctls(setup.sysctls).after);
    });
    await this.#setRoutes(setup.routes, []);
    const rules = compileRules(setup);
    if (rules !== '') await this.#tool(['nft', '-f', '-'], rules);
    for (const { name, wholeFrames } of setup.interfaces)
      if (wholeFrames) await this.#tool(['ethtool', '-K', name, ...OFFLOAD_OFF], '');
    this.within(['mnt'], () => {
      ownFile('/etc/hosts', hostsFile);
      ownFile('/etc/resolv.conf', compileResolvConf(setup.resolvers ?? []));
      for (const { path, bytes, mode } of this.#order.files) {
        mkdirSync(dirname(path), { recursive: true });
        ownFile(path, bytes, mode);
      }
    });
  }

  /** Writes the hosts file in place, because programs may have it open. */
  async renew(hostsFile: string, routes: readonly RouteSetup[]): Promise<void> {
    await this.#setRoutes(routes, this.#routes);
    this.#routes = routes;
    this.within(['mnt'], () => writeFileSync('/etc/hosts', hostsFile));
  }

  /** Routes by this card have gone with its addresses: the next `renew` sets them all, also those that are as before. */
  forgetRoutes(card: string): void {
    this.#routes = this.#routes.filter((route) => route.interface !== card);
  }

  async #setRoutes(wanted: readonly RouteSetup[], before: readonly RouteSetup[]): Promise<void> {
    const old = linesOf(before, []).come;
    const { gone, come: all } = linesOf(wanted, before);
    // A route that a step has taken away stays away.
    const come = all.filter((line) => !old.includes(line));
    if (gone.length > 0) await this.#tool(['ip', '-force', '-batch', '-'], gone.join('')).catch(() => {});
    if (come.length > 0) await this.#tool(['ip', '-batch', '-'], come.join(''));
  }

  /** Ends process 1, and with it every process of the host and its namespaces. */
  async end(): Promise<void> {
    this.#closeOutput();
    await end(this.process);
  }

  #tool(argv: Argv, stdin: string): Promise<string> {
    return this.within(['net'], () => tool(argv, stdin));
  }
}
