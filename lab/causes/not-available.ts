/** A socket was to have an address that the host does not have. */
import type { Cause } from './cause.ts';
import { isLoopback } from './evidence/subnet.ts';

export const notAvailable: Cause = {
  word: 'not-available',
  async find(evidence) {
    const { symptom, here, outcome } = evidence;
    const address = outcome.binds?.address;
    if (symptom !== 'not-available' || address === undefined) return undefined;
    const states = await here.interfaces();
    const ours = states.flatMap(({ addresses }) => addresses.map((one) => one.address));
    if (ours.includes(address) || isLoopback(address)) return undefined;
    return `${address} is not an address of ${here.name} (${ours.length > 0 ? `it has ${ours.join(', ')}` : 'it has no address'})`;
  },
};
