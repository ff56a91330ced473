import { materialise } from '../scenario/bytes.ts';
import type { BytesSpec } from '../scenario/types.ts';
import type { Cause } from './cause.ts';

/** 65,535 bytes of an IPv4 packet (RFC 791) without its header of 20 and UDP's of 8. */
const MOST = 65_507;

/** A message that does not fit a datagram. */
export const tooLarge: Cause = {
  word: 'too-large',
  async find({ how, step, target }) {
    if (how !== 'too-large' || target?.transport !== 'udp') return undefined;
    const { send } = step.args as { send?: BytesSpec };
    const further = (step.do as { send?: BytesSpec }[]).map((entry) => entry.send);
    const sizes = [send, ...further].flatMap((spec) => (spec ? [materialise(spec).length] : []));
    const size = sizes.find((one) => one > MOST);
    if (size === undefined) return undefined;
    return `a datagram carries at most ${shown(MOST)} bytes, and this is ${shown(size)}`;
  },
};

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
