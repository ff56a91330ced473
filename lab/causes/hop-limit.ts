/** Each router subtracts 1, and drops a packet at 0 (RFC 791, RFC 8200 section 3). */
import { familyOf } from '../model/address.ts';
import type { PathCause } from './cause.ts';

const NAMES = { ipv4: 'TTL', ipv6: 'hop limit' };

export const hopLimit: PathCause = {
  word: 'hop-limit',
  async find({ outcome, symptom, pathHosts }, pathHost) {
    const { leg, machine, came, end, after } = pathHost;
    if (leg === 'back' || !came || end?.at === 'target' || outcome.ttl === undefined) return undefined;
    if (symptom !== 'silence' && symptom !== 'unreachable') return undefined;
    const all = await pathHosts('forth');
    if (all.indexOf(pathHost) !== outcome.ttl) return undefined;
    const name = NAMES[familyOf(after.destination.address)];
    const far =
      all.at(-1)?.end?.at === 'target' ? `: ${all.at(-1)!.machine.name} is ${all.length - 1} hops away` : '';
    return `the ${name} of ${outcome.ttl} is used up at ${machine.name}${far}`;
  },
};
