/** A host on the way that does not forward packets. */
import { familyOf } from '../model/address.ts';
import { FORWARD } from '../plan/sysctls.ts';
import type { PathCause } from './cause.ts';

export const notForwarding: PathCause = {
  word: 'not-forwarding',
  async find({ symptom }, { machine, came, end, after }) {
    if (symptom !== 'silence' && symptom !== 'unreachable') return undefined;
    if (!came || end?.at === 'target') return undefined;
    const key = FORWARD[familyOf(after.destination.address)];
    return (await machine.setting(key)) === '0'
      ? `${machine.name} does not forward: its ${key} is 0`
      : undefined;
  },
};
