/** How the host is set up: once. Whoever connects to the agent later and wants the same finds it done. */
import { isDeepStrictEqual } from 'node:util';
import { type Plug, plugAtPatch } from './carrier.ts';
import { type Configured, configure, renew } from './configure.ts';
import { Leases } from './leases.ts';
import type { Report } from './listener-events.ts';
import type { Cutting, Patch } from './nft/patch.ts';
import type { AgentCalls, HostSetup } from './protocol.ts';
import { Serving } from './serving.ts';

/** A host that its engine has set up, and whose cables end at the engine's. */
export interface FarEnds {
  setup: Pick<HostSetup, 'hostname' | 'resolvers'>;
  /** Absent where nothing can be cut. */
  cutting?: Cutting;
  plug: Plug;
}

export class Setup {
  #asked: HostSetup | undefined;
  #done: Promise<Configured> | undefined;
  #patch: Patch | undefined;
  #leases: Leases | undefined;
  /** Told what happens to the host's servers by themselves. Whoever is connected last. */
  report: Report = () => {};
  readonly serving = new Serving((event) => this.report(event));

  /** Of an engine that holds the far ends of the cables itself, and has set the host up. */
  readonly #far: FarEnds | undefined;

  constructor(far?: FarEnds) {
    this.#far = far;
    if (far) this.#leases = new Leases(far.setup.hostname, far.setup.resolvers ?? []);
  }

  /** Undefined until the host is set up, and where nothing can be cut. */
  get cutting(): Cutting | undefined {
    return this.#far?.cutting ?? this.#patch;
  }

  get plug(): Plug | undefined {
    return this.#far?.plug ?? (this.#patch && plugAtPatch);
  }

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
    return done;
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
