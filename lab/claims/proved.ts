/** The result of a whole proof. */
import type { Proof, Proven } from './prove.ts';

export interface Proved extends Proven {
  engine: string;
  /** Milliseconds, from the first lab to the last. */
  took: number;
}

export function shownOf(proofs: readonly Proof[]): number {
  return proofs.filter(({ verdict }) => verdict === 'shown').length;
}
