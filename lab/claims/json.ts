/** Claims as data for programs. */
import type { Listed } from './listing.ts';
import type { Proof } from './prove.ts';

export function listingJson(listed: readonly Listed[]): string {
  const claims = listed.map(({ claim, by }) => ({
    ...claim,
    by: by.map(({ scenario, step, controls }) => ({
      file: scenario.file,
      step: step.index,
      name: step.name ?? step.kind,
      controls: controls.length,
    })),
  }));
  return print({ claims });
}

export function proofJson(proofs: readonly Proof[]): string {
  const shown = proofs.filter(({ verdict }) => verdict === 'shown').length;
  const claims = proofs.map(({ claim, ...rest }) => ({ ...claim, ...rest }));
  return print({ shown, not: proofs.length - shown, claims });
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
