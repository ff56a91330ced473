/** A host has gone to another network, and the address that is spoken to, or from, stayed behind and is nobody's. */
import type { Cause } from './cause.ts';
import { whoMoved } from './evidence/faults-that-stand.ts';

export const moved: Cause = {
  word: 'moved',
  async find(evidence) {
    const { symptom, target, there, here, outcome } = evidence;
    if (!target || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const ours = outcome.tuple && whoMoved(evidence, outcome.tuple.local.address);
    if (ours && ours.host === here.name)
      return `${saying(ours)}, and this connection is from ${outcome.tuple?.local.address}, its address on ${ours.from}`;
    const theirs = there ? undefined : whoMoved(evidence, target.address);
    return theirs && `${saying(theirs)}, and nobody has its address on ${theirs.from}, ${target.address}`;
  },
};

function saying({ host, to, step }: { host: string; to: string; step: number }): string {
  return `${host} was moved to ${to} by step ${step}`;
}
