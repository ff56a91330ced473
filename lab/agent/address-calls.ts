/** The calls about addresses: to serve networks, to get a lease, and to give it back. */
import type { ServingSetup } from './dnsmasq.ts';
import type { Lease } from './udhcpc.ts';

/** The calls of an agent for addresses and names. */
export interface AddressCalls {
  /** From now on the host serves these networks and no others; resolves when it does. */
  serve(request: { networks: ServingSetup[] }): Promise<void>;
  /**
   * Gets the card's lease, and sets the card up by it. `have` gives the lease that there is, else a new one. `obtain` asks
   * for a new one, as a host does that knows of none (DISCOVER, OFFER, REQUEST, ACK). `renew` asks for the same lease once
   * more (REQUEST, ACK). The client stays, and renews the lease in time. Throws a NetworkFailure: `timeout` where nobody has
   * acknowledged in time, `closed` where there is no lease to renew.
   */
  lease(request: { card: string; how: 'have' | 'obtain' | 'renew'; giveUp: number }): Promise<Lease>;
  /** Gives the lease back: the card has no address then. Returns that lease; nothing where there was none. */
  release(request: { card: string }): Promise<Lease | undefined>;
}
