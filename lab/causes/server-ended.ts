/** The server that hands out the addresses of a network has ended, and no other program has its port. */
import { addressesOf } from '../model/planned.ts';
import type { Cause } from './cause.ts';
import { type Evidence, waiting } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';

/** RFC 2131 section 4.1. */
const DHCP_SERVER = 67;

export const serverEnded: Cause = {
  word: 'server-ended',
  async find(evidence) {
    if (evidence.how !== 'silence' || !evidence.outcome.leasing) return undefined;
    for (const { server, network } of serversOf(evidence)) {
      const told = server.host.events.all((one) => one.event === 'server-ended' && one.network === network);
      const last = told.at(-1);
      if (!last || (await waiting(server, 'udp')).some(({ local }) => local.port === DHCP_SERVER)) continue;
      return `${server.name}'s ${last.program}, which served ${network}, has ended (${last.how})`;
    }
    return undefined;
  },
};

function serversOf({ here, all }: Evidence): { server: Machine; network: string }[] {
  return here.cards.flatMap(({ leased, network }) => {
    const server =
      leased && all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(leased.server)));
    return server ? [{ server, network }] : [];
  });
}
