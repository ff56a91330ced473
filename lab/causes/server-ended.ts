/** The server that hands out the addresses of a network, or its relay, has ended, and no other program has its port. */
import { addressesOf } from '../model/planned.ts';
import type { Cause } from './cause.ts';
import { type Evidence, waiting } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';

/** RFC 2131 section 4.1. */
const DHCP_SERVER = 67;

export const serverEnded: Cause = {
  word: 'server-ended',
  async find(evidence) {
    if (evidence.symptom !== 'silence' || !evidence.outcome.leasing) return undefined;
    for (const { server, network, did } of serversOf(evidence)) {
      const told = server.host.events.all((one) => one.event === 'server-ended' && one.network === network);
      const last = told.at(-1);
      if (!last || (await waiting(server, 'udp')).some(({ local }) => local.port === DHCP_SERVER)) continue;
      return `${server.name}'s ${last.program}, which ${did} ${network}, has ended (${last.how})`;
    }
    return undefined;
  },
};

/** A relay is asked where everybody is; a lease is renewed with its server alone (RFC 2131 section 4.4.5). */
function serversOf({
  here,
  all,
  leasing,
}: Evidence): { server: Machine; network: string; did: 'served' | 'relayed' }[] {
  const owner = (address: string) =>
    all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
  return here.cards.flatMap(({ leased, network }) => {
    if (!leased) return [];
    const relay = leasing && leased.relay !== undefined ? owner(leased.relay) : undefined;
    const server = owner(leased.server);
    return [
      ...(relay ? [{ server: relay, network, did: 'relayed' as const }] : []),
      ...(server ? [{ server, network, did: 'served' as const }] : []),
    ];
  });
}
