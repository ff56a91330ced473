/** Advice that an author can type as it is: it has the hosts and networks of the author's own file. */

/** Names for an example. */
export interface Names {
  /** A host that sends first. */
  host: string;
  /** The host to which it sends. */
  other: string;
  network: string;
  /** Another network, where there is one. */
  outside: string;
}

/** The names where the file is not known. */
export const SOMEBODY: Names = { host: 'alice', other: 'echo', network: 'lan', outside: 'wan' };

/** How to fix a mistake: a text, or one that is filled with names. */
export type Hint = string | ((names: Names) => string);

/** The text of a hint. */
export function tell(hint: Hint, names?: Names): string;
export function tell(hint: Hint | undefined, names?: Names): string | undefined;
export function tell(hint: Hint | undefined, names: Names = SOMEBODY): string | undefined {
  return typeof hint === 'function' ? hint(names) : hint;
}
