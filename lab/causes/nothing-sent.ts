/** The step waits for something at the other end that it should send itself, and it sends nothing. */
import type { Cause } from './cause.ts';

export const nothingSent: Cause = {
  word: 'nothing-sent',
  async find(evidence) {
    const { wrong, symptom } = evidence;
    if (wrong.kind !== 'seen' || symptom !== 'silence' || (await evidence.sends())) return undefined;
    return 'this step sends nothing';
  },
};
