/** Names of claims: C1 to C36, P1 to P13, W1 to W7. Their texts are in lab/claims/table.ts. */
import { z } from 'zod';
import { reading, show, Wrong } from '../../model/reading.ts';

export const CLAIM = /^(?:C(?:[1-9]|[12]\d|3[0-6])|P(?:[1-9]|1[0-3])|W[1-7])$/;

const claim = reading(
  (input) => {
    if (typeof input === 'string' && CLAIM.test(input)) return input;
    return new Wrong(`${show(input)} is not a claim`, 'claims are C1 to C36, P1 to P13 and W1 to W7');
  },
  { type: 'string', pattern: CLAIM.source },
);

export const claims = z.array(claim);
