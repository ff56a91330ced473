import { familyOf } from '../scenario/address.ts';
import { FORWARD } from '../scenario/sysctls.ts';
import type { Cause } from './cause.ts';
import type { Machine } from './machine.ts';
import type { Hop } from './way.ts';

/** A host between the two that keeps what is not for itself. */
export const notForwarding: Cause = {
  word: 'not-forwarding',
  async find({ how, target, forth, back }) {
    if (!target || (how !== 'silence' && how !== 'unreachable')) return undefined;
    const key = FORWARD[familyOf(target.address)];
    for (const way of [forth, back]) {
      for (const machine of between((await way()).hops)) {
        if ((await machine.says('cat', `/proc/sys/${key.replaceAll('.', '/')}`)).trim() === '0')
          return `${machine.name} does not forward: its ${key} is 0`;
      }
    }
    return undefined;
  },
};

function between(hops: readonly Hop[]): Machine[] {
  return hops.slice(1).map(({ from }) => from);
}
