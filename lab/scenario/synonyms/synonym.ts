/** A table of synonyms: other tools' words by ours, and what to do where no word of ours means the same. */
import type { Names } from '../../wire/lines/hint.ts';

/** A key that is not known, with its value. */
export interface Written {
  key: string;
  value: unknown;
  /** The whole map that the key stands in. */
  around: Readonly<Record<string, unknown>>;
  names: Names;
  /** `exec: ls`: the value under a word of ours, in the form that this word takes; else an example of it. */
  form(word: string, value?: unknown): string;
}

/** The advice where no word of ours means the same: a whole hint. */
export type Say = string | ((written: Written) => string);

export interface Synonyms {
  /** By our word: the words of others for it. */
  same?: Readonly<Record<string, string>>;
  /** By their words: what to do instead. */
  say?: Readonly<Record<string, Say>>;
}

/** The places that keys stand at. `arguments` is under a word of a step, `expect` under `expect`. */
export type SynonymLevel = 'lab' | 'network' | 'host' | 'card' | 'step' | 'expect' | 'arguments';
