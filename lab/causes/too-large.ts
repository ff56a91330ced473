/** A message that does not fit a datagram, or an echo request that does not fit the way. */
import { familyOf } from '../model/address.ts';
import type { Cause } from './cause.ts';

/** 65,535 bytes less UDP's header of 8. In IPv4 (RFC 791) its header of 20 counts too, in IPv6 (RFC 8200) it does not. */
const MOST = { ipv4: 65_507, ipv6: 65_527 };
/** Of IP, and the 8 bytes of ICMP's echo (RFC 792, RFC 4443 section 4.1). */
const HEADERS = { ipv4: 28, ipv6: 48 };

export const tooLarge: Cause = {
  word: 'too-large',
  async find({ symptom, outcome, target }) {
    const size = outcome.datagram;
    if (symptom !== 'too-large' || !target || size === undefined) return undefined;
    const family = familyOf(target.address);
    const { mtu } = outcome.fields;
    if (target.transport === 'icmp' && mtu !== undefined)
      return `a request in a packet of ${shown(size + HEADERS[family])} bytes does not fit an MTU of ${shown(Number(mtu))}`;
    const most = MOST[family];
    if (target.transport !== 'udp' || size <= most) return undefined;
    return `a datagram carries at most ${shown(most)} bytes, and this is ${shown(size)}`;
  },
};

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
