/** How the host is set up: once. Whoever connects to the agent later and wants the same finds it done. */
import { isDeepStrictEqual } from 'node:util';
import { type Configured, configure, renew } from './configure.ts';
import type { Report } from './happening.ts';
import { Leases } from './leases.ts';
import type { Patch } from './patch.ts';
import type { AgentCalls, HostSetup } from './protocol.ts';
import { Serving } from './serving.ts';

export class Setup {
  #asked: HostSetup | undefined;
  #done: Promise<Configured> | undefined;
  #patch: Patch | undefined;
  #leases: Leases | undefined;
  /** Told what happens to the host's servers by themselves. Whoever is connected last. */
  report: Report = () => {};
  readonly serving = new Serving((event) => this.report(event));

  /** Undefined until the host is set up, and where it has none. */
  get patch(): Patch | undefined {
    return this.#patch;
  }

  get leases(): Leases {
    if (!this.#leases) throw new Error('this host is not set up yet');
    return this.#leases;
  }

  async make(setup: HostSetup): Promise<Configured> {
    if (this.#asked && !isDeepStrictEqual(this.#asked, setup))
      throw new Error('this host is already set up, and otherwise: take the lab down and bring it up anew');
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
