/** Adds words of the user's own to the vocabulary. It refuses a word that exists already, and a thing that is not a word. */
import { LabError } from '../../errors.ts';
import { add, type Kinds, vocabulary } from '../../vocabulary.ts';
import { expectationOf, faultOf, stepOf } from './adapt.ts';
import type { OwnWord } from './define.ts';

const WORD = /^[a-z][a-z0-9_]*$/;
/** Keys of a step that are not words. */
const TAKEN = ['at', 'name', 'before', 'expect', 'do', 'within', 'for', 'shows', 'control', 'as'];

const used = new Set<OwnWord>();

/**
 * For this process, from now on. Using the same word object again changes nothing. Throws LabError (`usage`) for a thing
 * that is not a word, and for a word that exists already. `from` is the place of the words, for the error.
 */
export function useWords(words: readonly OwnWord[], from: string): void {
  for (const own of words) {
    if (used.has(own)) continue;
    check(own, from);
    used.add(own);
    add(kindsOf(own));
  }
}

function kindsOf(own: OwnWord): Partial<Kinds> {
  if (own.is === 'step') return { steps: [stepOf(own.word)] };
  if (own.is === 'fault') return { faults: [faultOf(own.word)] };
  return { expectations: [expectationOf(own.word)] };
}

function check(own: OwnWord, from: string): void {
  const { is, word: kind } = (own ?? {}) as Partial<OwnWord>;
  if (is === undefined || kind === undefined)
    throw new LabError('usage', `${from} exports something that is not a word`, {
      hint: 'make it with defineStep, defineExpectation or defineFault, and export it in a list: export default [redis]',
    });
  const { word } = kind;
  if (!WORD.test(word) || TAKEN.includes(word))
    throw new LabError('usage', `${from}: \`${word}\` cannot be a word`, {
      hint: `a word is lower-case letters, digits and _, and none of ${TAKEN.join(', ')}`,
    });
  const there = [...vocabulary.steps, ...vocabulary.expectations].map((one) => one.word);
  const faults = is === 'fault' ? vocabulary.faults.map((one) => one.word) : [];
  if ([...there, ...faults].includes(word))
    throw new LabError('usage', `${from}: there is a word \`${word}\` already`, { hint: 'choose another' });
  const missing = (['summary', 'example', 'schema'] as const).find((key) => kind[key] === undefined);
  if (missing !== undefined)
    throw new LabError('usage', `${from}: the word \`${word}\` has no \`${missing}\``, {
      hint: 'docs/own-words.md has a whole one',
    });
}
