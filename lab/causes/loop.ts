/** Routes that hand a packet from host to host until its TTL is used up (RFC 1812 section 5.3.1). */
import type { PathCause } from './cause.ts';

export const loop: PathCause = {
  word: 'loop',
  async find({ symptom }, { end, after }) {
    if (end?.at !== 'loop' || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const names = [...end.round, end.machine].map(({ name }) => name).join(' > ');
    return `packets for ${after.destination.address} go in a circle: ${names}`;
  },
};
