/** The machine that holds the target is gone, and with it everything that stood there. */
import type { Cause } from './cause.ts';

export const machineGone: Cause = {
  word: 'machine-gone',
  async find({ there, symptom }) {
    const lost = symptom === 'silence' ? there?.host.events.lost : undefined;
    return lost && `${lost.message}, and ${there!.name} stood there`;
  },
};
