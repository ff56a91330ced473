/** The keys of a host, and the key that an unknown word stands for. */
import { HOST_EXAMPLE } from '../hints/examples.ts';
import { meantKey, tablesFor } from '../hints/unknown-word.ts';

const KEYS = Object.keys(HOST_EXAMPLE);

/** The key itself, or the one that is meant; undefined where there is none. */
export function meantHostKey(key: string): string | undefined {
  return KEYS.includes(key) ? key : meantKey(key, KEYS, tablesFor('host', undefined))?.key;
}
