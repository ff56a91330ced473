/** Tears connections of TCP down in their midst: a segment is lost, and both ends get a reset. */
import { placed } from './placed.ts';

export const reset = placed({
  word: 'reset',
  summary: 'Resets connections of TCP at both ends, as soon as one of them sends a segment.',
  example: 'fault: { reset: [alice, echo], as: broken }',
  impairment: { answer: 'reset' },
  touches: ['tcp', 'ip'],
});
