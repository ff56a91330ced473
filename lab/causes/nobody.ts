import type { NeighbourState } from '../agent/protocol.ts';
import { familyOf } from '../scenario/address.ts';
import type { Cause } from './cause.ts';
import type { Machine } from './machine.ts';

/** Nobody has the address that was asked for, or the gateway's. */
export const nobody: Cause = {
  word: 'nobody',
  async find(evidence) {
    const { target, how } = evidence;
    if (target?.cast !== 'one' || (how !== 'silence' && how !== 'unreachable')) return undefined;
    for (const way of [evidence.forth, evidence.back]) {
      const { end } = await way();
      if (end.at !== 'nobody') continue;
      const who = end.next === target.address ? end.next : `the gateway ${end.next} of ${end.machine.name}`;
      return `${await unanswered(end.machine, end.next)}${who} is nobody on ${end.out.network}`;
    }
    return undefined;
  },
};

/** RFC 826, RFC 4861. */
const ASKED = { ipv4: 'ARP answer', ipv6: 'neighbour advertisement' };
const WITHOUT_ANSWER = /FAILED|INCOMPLETE/;

async function unanswered(machine: Machine, address: string): Promise<string> {
  const known = (await machine.neighbours()).find((one: NeighbourState) => one.address === address);
  return known && WITHOUT_ANSWER.test(known.state) ? `no ${ASKED[familyOf(address)]}: ` : '';
}
