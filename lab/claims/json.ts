/** Claims as data for programs. */
import { jsonText } from '../reports/for-terminal.ts';
import type { Listed } from './listing.ts';
import { type Proved, shownOf } from './proved.ts';

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

/** `took` in milliseconds. */
export function proofJson({ proofs, engine, labs, took }: Proved): string {
  const shown = shownOf(proofs);
  const claims = proofs.map(({ claim, ...rest }) => ({ ...claim, ...rest }));
  return print({ engine, labs, took: Math.round(took), shown, not: proofs.length - shown, claims });
}

function print(value: unknown): string {
  return `${jsonText(value, 2)}\n`;
}
