/** The keys of a host, and which of them is meant by a word that is none. */
import { HOST_EXAMPLE } from '../hints/examples.ts';
import { meantKey, tablesFor } from '../hints/unknown-word.ts';

const KEYS = Object.keys(HOST_EXAMPLE);

/** The key itself, or the one that is meant; undefined where none is. */
export function meantHostKey(key: string): string | undefined {
  return KEYS.includes(key) ? key : meantKey(key, KEYS, tablesFor('host', undefined))?.key;
}
