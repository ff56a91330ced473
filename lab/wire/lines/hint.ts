/** Advice that can be typed as it stands: it speaks of hosts and networks of the author's own file. */

/** Names that an example is filled with. */
export interface Names {
  /** A host that begins. */
  host: string;
  /** One that it speaks to. */
  other: string;
  network: string;
  /** Another network, where there is one. */
  outside: string;
}

/** Where nothing is known of a file. */
export const SOMEBODY: Names = { host: 'alice', other: 'echo', network: 'lan', outside: 'wan' };

/** How something is put right: a text, or one that is filled with names. */
export type Hint = string | ((names: Names) => string);

/** The text of a hint. */
export function tell(hint: Hint, names?: Names): string;
export function tell(hint: Hint | undefined, names?: Names): string | undefined;
export function tell(hint: Hint | undefined, names: Names = SOMEBODY): string | undefined {
  return typeof hint === 'function' ? hint(names) : hint;
}
