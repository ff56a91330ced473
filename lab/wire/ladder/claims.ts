/** The addresses that cards claim in frames. */
import { isGroupMac } from '../address.ts';
import { ARP_REPLY, ARP_REQUEST, INARP_REPLY, INARP_REQUEST, RARP_REPLY } from '../arp-words.ts';
import type { Frame } from '../frame.ts';

/** The source addresses of hosts that have no address yet. */
export const NOBODY = ['0.0.0.0', '::'];

/** Messages of ARP that tell the sender's address, or the target's. In a RARP request the sender has no address yet. */
const CLAIMS_SENDER: readonly number[] = [ARP_REQUEST, ARP_REPLY, RARP_REPLY, INARP_REQUEST, INARP_REPLY];
const CLAIMS_TARGET: readonly number[] = [ARP_REPLY, RARP_REPLY, INARP_REPLY];

/** Claims by ARP (RFC 826) and neighbour discovery (RFC 4861): `[MAC, address]`. */
export function claimsOf({ arp, icmpv6, ipv6 }: Frame): [string, string][] {
  const claims: [string, string][] = [];
  if (arp) {
    const { operation } = arp;
    if (CLAIMS_SENDER.includes(operation)) claims.push([arp.senderMac, arp.senderAddress]);
    if (CLAIMS_TARGET.includes(operation)) claims.push([arp.targetMac, arp.targetAddress]);
  }
  // A solicitation tells its sender's address, an advertisement its target's (RFC 4861 section 4.3 and 4.4).
  if (icmpv6?.mac !== undefined && icmpv6.type === 135) claims.push([icmpv6.mac, ipv6!.source]);
  if (icmpv6?.mac !== undefined && icmpv6.type === 136 && icmpv6.target !== undefined)
    claims.push([icmpv6.mac, icmpv6.target]);
  return claims.filter(([mac, address]) => !NOBODY.includes(address) && !isGroupMac(mac));
}
