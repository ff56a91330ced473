/** The leases of a host, by card, and the name servers that came with them. */

import type { AddressCalls } from './address-calls.ts';
import type { Resolver } from './dnsmasq.ts';
import { LeaseClient } from './lease.ts';
import { writeResolvConf } from './resolv-conf.ts';
import type { Lease } from './udhcpc.ts';

export class Leases {
  readonly #clients = new Map<string, LeaseClient>();
  readonly #hostname: string;
  #known: readonly Resolver[];

  /** `known` are name servers that the host has anyway. */
  constructor(hostname: string, known: readonly Resolver[]) {
    this.#hostname = hostname;
    this.#known = known;
  }

  async lease({ card, how, giveUp }: Parameters<AddressCalls['lease']>[0]): Promise<Lease> {
    return this.#client(card)[how](giveUp);
  }

  async release(card: string): Promise<Lease | undefined> {
    return this.#client(card).release();
  }

  /** Its lease ends without a word to the server. */
  async forget(card: string): Promise<void> {
    const client = this.#clients.get(card);
    this.#clients.delete(card);
    await client?.end();
  }

  /** Name servers that the host has anyway, from now on. */
  async learn(known: readonly Resolver[]): Promise<void> {
    this.#known = known;
    await this.#learned();
  }

  #client(card: string): LeaseClient {
    const client = this.#clients.get(card) ?? new LeaseClient(card, this.#hostname, () => this.#learned());
    this.#clients.set(card, client);
    return client;
  }

  async #learned(): Promise<void> {
    const learned = [...this.#clients.values()].flatMap(({ lease }) => (lease ? resolversOf(lease) : []));
    writeResolvConf([...this.#known, ...learned]);
  }
}

function resolversOf({ resolvers, domain }: Lease): Resolver[] {
  return resolvers.map((address) => ({ address, ...(domain !== undefined && { domain }) }));
}
