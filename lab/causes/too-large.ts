import { familyOf } from '../scenario/address.ts';
import { materialise } from '../scenario/bytes.ts';
import type { BytesSpec } from '../scenario/types.ts';
import type { Cause } from './cause.ts';

/** 65,535 bytes without UDP's header of 8; of an IPv4 packet (RFC 791) its own of 20 counts too, of IPv6 (RFC 8200) not. */
const MOST = { ipv4: 65_507, ipv6: 65_527 };

/** A message that does not fit a datagram. */
export const tooLarge: Cause = {
  word: 'too-large',
  async find({ how, step, target }) {
    if (how !== 'too-large' || target?.transport !== 'udp') return undefined;
    const { send } = step.args as { send?: BytesSpec };
    const further = (step.do as { send?: BytesSpec }[]).map((entry) => entry.send);
    const sizes = [send, ...further].flatMap((spec) => (spec ? [materialise(spec).length] : []));
    const most = MOST[familyOf(target.address)];
    const size = sizes.find((one) => one > most);
    if (size === undefined) return undefined;
    return `a datagram carries at most ${shown(most)} bytes, and this is ${shown(size)}`;
  },
};

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
