/** A message that does not fit a datagram. */
import { familyOf } from '../model/address.ts';
import type { Cause } from './cause.ts';

/** 65,535 bytes less UDP's header of 8. In IPv4 (RFC 791) its header of 20 counts too, in IPv6 (RFC 8200) it does not. */
const MOST = { ipv4: 65_507, ipv6: 65_527 };

export const tooLarge: Cause = {
  word: 'too-large',
  async find({ how, outcome, target }) {
    if (how !== 'too-large' || target?.transport !== 'udp') return undefined;
    const most = MOST[familyOf(target.address)];
    const size = outcome.datagram;
    if (size === undefined || size <= most) return undefined;
    return `a datagram carries at most ${shown(most)} bytes, and this is ${shown(size)}`;
  },
};

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
