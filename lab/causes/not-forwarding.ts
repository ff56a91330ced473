import type { Cause } from './cause.ts';
import type { Machine } from './machine.ts';
import type { Hop } from './way.ts';

/** A host between the two that keeps what is not for itself. */
export const notForwarding: Cause = {
  word: 'not-forwarding',
  async find({ how, forth, back }) {
    if (how !== 'silence' && how !== 'unreachable') return undefined;
    for (const way of [forth, back]) {
      for (const machine of between((await way()).hops)) {
        if ((await machine.says('cat', '/proc/sys/net/ipv4/ip_forward')).trim() === '0')
          return `${machine.name} does not forward: its net.ipv4.ip_forward is 0`;
      }
    }
    return undefined;
  },
};

function between(hops: readonly Hop[]): Machine[] {
  return hops.slice(1).map(({ from }) => from);
}
