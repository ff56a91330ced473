/** The routers on the ways to cards that are captured. Pure. */
import { MARK, MARK_V6 } from '../agent/protocol.ts';
import { ownersOf, walk } from '../model/follow-routes.ts';
import type { PlannedHost } from '../model/planned.ts';
import type { Card } from '../wire/timeline.ts';

/** A filter (pcap-filter(7)) that lets only marks through. */
export const MARKS_ONLY = `udp and (dst host ${MARK.address} or dst host ${MARK_V6.address})`;

/** Every router on a way from some host to one of these cards, and the number of routers on the longest way. */
export function waysTo(
  cards: readonly Card[],
  hosts: readonly PlannedHost[],
): { routers: string[]; longest: number } {
  const owners = ownersOf(hosts);
  const targets = cards.flatMap(({ addresses }) => addresses);
  const ways = hosts.flatMap((host) => targets.map((address) => walk(host, address, owners) ?? []));
  return {
    routers: [...new Set(ways.flat().map(({ name }) => name))],
    longest: Math.max(0, ...ways.map((way) => way.length)),
  };
}
