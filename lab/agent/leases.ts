/** The leases of a host, by card, and the name servers that came with them. */
import type { Resolver, ServingSetup } from './dnsmasq.ts';
import { LeaseClient } from './lease.ts';
import { writeResolvConf } from './resolv-conf.ts';
import type { Lease } from './udhcpc.ts';

/** What an agent can be asked for addresses and names. */
export interface AddressCalls {
  /** From now on the host serves these networks and no others; resolves when it does. */
  serve(request: { networks: ServingSetup[] }): Promise<void>;
  /**
   * The card's lease, and the card set up by it. `have`: the one that there is, else a new one; `obtain`: a new one,
   * as a host asks that knows of none (DISCOVER, OFFER, REQUEST, ACK); `renew`: the one that there is, once more
   * (REQUEST, ACK). The client stays, and renews it in time. Throws a NetworkFailure: `timeout` where nobody has
   * acknowledged in time, `closed` where there is no lease to renew.
   */
  lease(request: { card: string; how: 'have' | 'obtain' | 'renew'; giveUp: number }): Promise<Lease>;
  /** Gives the lease back: the card has no address then. What was given back; nothing where there was no lease. */
  release(request: { card: string }): Promise<Lease | undefined>;
}

export class Leases {
  readonly #clients = new Map<string, LeaseClient>();
  readonly #hostname: string;
  readonly #known: readonly Resolver[];

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
