/** What is waited for at the other end is what this step sends there, and it sends nothing. */
import type { Cause } from './cause.ts';

export const nothingSent: Cause = {
  word: 'nothing-sent',
  async find(evidence) {
    const { wrong, how } = evidence;
    if (wrong.kind !== 'seen' || how !== 'silence' || (await evidence.sends())) return undefined;
    return 'this step sends nothing';
  },
};
