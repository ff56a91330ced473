/** The program ended during the conversation: its kernel closed or reset the connections of the program. */
import type { Cause } from './cause.ts';
import { endedState, untilTold } from './evidence/faults-that-stand.ts';

export const ended: Cause = {
  word: 'ended',
  async find(evidence) {
    const { there, symptom, target, outcome } = evidence;
    if (!there || target?.transport !== 'tcp' || !outcome.tuple) return undefined;
    if (symptom !== 'reset' && symptom !== 'end') return undefined;
    await untilTold(there);
    const state = endedState(evidence, there, `${there.name}'s`);
    if (state === undefined) return undefined;
    return `${state}; the kernel closed what it had open`;
  },
};
