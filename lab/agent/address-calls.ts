/** What may be asked of an agent of addresses: to serve networks, to have a lease and to give it back. */
import type { ServingSetup } from './dnsmasq.ts';
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
