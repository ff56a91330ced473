/** A reference that leads nowhere. */
import type { Hint } from '../../wire/lines/hint.ts';

export interface Dangling {
  message: string;
  hint?: Hint | undefined;
  allowed?: readonly string[] | undefined;
}
