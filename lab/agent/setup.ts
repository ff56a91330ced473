/** How the host is set up: once. A client that connects later and wants the same setup finds it done. */
import { isDeepStrictEqual } from 'node:util';
import { Cables } from './cable/cables.ts';
import { LINK } from './cable/impairment.ts';
import { giveAddresses, takeAddresses } from './cards.ts';
import { type Plug, plugAtPatch } from './carrier.ts';
import { type Configured, configure, renew } from './configure.ts';
import { Leases } from './leases.ts';
import type { Report } from './listener-events.ts';
import { wireOf } from './nft/cable-ends.ts';
import type { Cutting, Patch } from './nft/patch.ts';
import { OFFLOAD_OFF } from './offload.ts';
import type { AgentCalls, HostSetup, Readdressing } from './protocol.ts';
import { putDefaultsAside } from './routes.ts';
import { Serving } from './serving.ts';
import { tool } from './tool.ts';

/** A host that its engine has set up, and whose cables end in the engine. */
export interface FarEnds {
  setup: Pick<HostSetup, 'hostname' | 'resolvers' | 'env'>;
  /** Absent where nothing can be cut. */
  cutting?: Cutting;
  plug: Plug;
  impairing: Impairing;
}

/** The calls that impair frames on the host's cables, wherever they are opened. */
export type Impairing = Pick<AgentCalls, 'impair' | 'relieve' | 'accountOfCables'>;

export class Setup {
  #asked: HostSetup | undefined;
  #done: Promise<Configured> | undefined;
  #patch: Patch | undefined;
  #linked: Promise<void> | undefined;
  #leases: Leases | undefined;
  /** Gives back the default routes that were put aside while the engine changes a card. */
  #putBack: (() => Promise<void>) | undefined;
  /** Told when a server of the host ends by itself: the report of the client that connected last. */
  report: Report = () => {};
  /** Called when the first of the host's cables is open. The command may be another one by then. */
  carrying: () => void = () => {};
  readonly serving = new Serving((event) => this.report(event));

  /** Given by an engine that holds the far ends of the cables itself, and has set the host up. */
  readonly #far: FarEnds | undefined;

  constructor(far?: FarEnds) {
    this.#far = far;
    if (far) this.#leases = new Leases(far.setup.hostname, far.setup.resolvers ?? []);
  }

  /** Variables of the commands that are run on the host. */
  get env(): HostSetup['env'] {
    return (this.#far?.setup ?? this.#asked)?.env;
  }

  /** Undefined until the host is set up, and where nothing can be cut. */
  get cutting(): Cutting | undefined {
    return this.#far?.cutting ?? this.#patch;
  }

  get plug(): Plug | undefined {
    return this.#far?.plug ?? (this.#patch && plugAtPatch);
  }

  get impairing(): Impairing {
    return this.#far?.impairing ?? this.#atPatch;
  }

  readonly #cables = new Cables(
    (card, carry) => {
      if (!this.#patch) throw new Error('this host has no patch: the nft command is missing');
      const mtu = this.#asked?.interfaces.find(({ name }) => name === card)?.mtu ?? 1500;
      return this.#patch.openUp(card, mtu, carry);
    },
    () => this.carrying(),
  );

  readonly #atPatch: Impairing = {
    impair: ({ card, id, stages }) => this.#cables.impair(card, id, stages),
    relieve: ({ card, id }) => this.#cables.relieve(card, id),
    accountOfCables: () => this.#cables.told(this.#asked?.interfaces.map(({ name }) => name) ?? []),
  };

  get leases(): Leases {
    if (!this.#leases) throw new Error('this host is not set up yet');
    return this.#leases;
  }

  async make(setup: HostSetup): Promise<Configured> {
    if (this.#asked && !isDeepStrictEqual(this.#asked, setup))
      throw new Error('this host is already set up in another way: take the lab down and bring it up again');
    this.#asked = setup;
    this.#leases ??= new Leases(setup.hostname, setup.resolvers ?? []);
    this.#done ??= configure(setup);
    const done = await this.#done;
    this.#patch = done.patch;
    // The command that brings the lab up is told what is lacking, and says so.
    this.#linked ??= done.capabilities.frames === true && done.patch ? this.#link(setup) : Promise.resolve();
    await this.#linked;
    return done;
  }

  /** Impairs the host's cables as the scenario says, before anybody uses them. */
  async #link({ interfaces }: HostSetup): Promise<void> {
    for (const { name, wholeFrames } of interfaces)
      if (wholeFrames) await tool(['ethtool', '-K', name, ...OFFLOAD_OFF]);
    for (const { name, link } of interfaces) if (link) await this.#cables.impair(name, LINK, link);
  }

  async leave(card: string): Promise<void> {
    await this.leases.forget(card);
    await takeAddresses(card);
    if (!this.#far) this.#putBack ??= await putDefaultsAside(card);
  }

  async readdress({ card, from, to, resolvers }: Readdressing): Promise<void> {
    await this.leases.learn(resolvers);
    // In a namespace, the process that holds the cable's other end moves it.
    const patch = this.#far ? undefined : this.#patch;
    await patch?.rehang(card, { from, to }, () => this.#cables.rehang(card.name, wireOf(card.name)));
    await this.#putBack?.();
    this.#putBack = undefined;
    await giveAddresses(card);
    if (!this.#asked) return;
    const interfaces = this.#asked.interfaces.map((one) => (one.name === card.name ? card : one));
    this.#asked = { ...this.#asked, interfaces, resolvers };
  }

  async renew(request: Parameters<AgentCalls['renew']>[0]): Promise<void> {
    await renew(request, this.#patch, this.#asked?.routes);
    if (!this.#asked) return;
    const { hostsFile, members, routes } = request;
    const interfaces = this.#asked.interfaces.map((card, index) => ({
      ...card,
      members: members[index] ?? card.members,
    }));
    this.#asked = { ...this.#asked, hostsFile, interfaces, routes };
  }
}
