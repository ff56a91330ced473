/** The English of the documentation: short sentences, a subject first, and one word for one thing. */
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { sentencesOf } from './english.ts';
import { type Page, readPage } from './page.ts';

const LONGEST = 30;

/** What is not written, and what is written for it. */
const INSTEAD: [RegExp, string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix or repair; what an error advises is its hint'],
  [/\bslips? of the pen\b/i, 'mistake'],
  [/\blikewise\b/i, 'too, or the same'],
  [/\b(whoever|whomever|whosoever)\b/i, 'the client that, everybody who'],
  [/\b(thereof|therein|whereof|wherein|hereby|thereby|herein)\b/i, 'of it, in it, by this'],
  [/\b(lest|whilst|albeit|ere|nought|aught)\b/i, 'so that not, while, although, before, nothing'],
  [/\bin (its|their|his|her) stead\b/i, 'instead'],
  [/\b(forthwith|henceforth|hitherto)\b/i, 'at once, from now on, until now'],
  [/\b(save|but) for\b/i, 'except'],
  [/\b(for want|in lieu) of\b/i, 'because there is no, instead of'],
  [/\b(per se|viz|vice versa|ergo)\b/i, 'English words'],
  [/\b(e\.g\.|i\.e\.|etc\.)/i, 'for example, that is, and so on'],
  [/\b(obviously|of course|simply|trivially|just works)\b/i, 'nothing: it helps nobody'],
  [/\b(utili[sz]e|leverage)/i, 'use'],
  [/\b(seamless|robust|powerful|blazing)/i, 'a fact'],
  [/\bUDP (packet|segment)s?\b/, 'datagram'],
  [/\bTCP (packet|datagram)s?\b/, 'segment'],
  [/\bEthernet (packet|datagram)s?\b/, 'frame'],
  [/\bneighbors?\b/i, 'neighbour'],
];

/** A clause in the place of the subject: `What is sent to it is lost.` A question may begin so. */
const CLAUSE_FIRST = /(^|; )(What|Who|Whom|Whatever|Whoever|Whichever)\b(?!.*\?$)/i;

/** Of this page, only what stands behind the mark is written by a person. */
const KEPT = '<!-- kept -->';

const pages = ['README.md', 'docs/*.md', 'docs/reference/*.md']
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .filter((path) => !path.includes('.zh-'));

test('there are pages', () => {
  expect(pages.length).toBeGreaterThan(30);
});

test.each(pages)('%s has sentences of at most thirty words', (path) => {
  const long = sentencesOf(written(path)).filter((sentence) => sentence.split(/\s+/).length > LONGEST);
  expect(long).toEqual([]);
});

test.each(pages)('%s has the subject before the verb', (path) => {
  expect(sentencesOf(written(path)).filter((sentence) => CLAUSE_FIRST.test(sentence))).toEqual([]);
});

test.each(pages)('%s has one word for one thing', (path) => {
  const text = sentencesOf(written(path)).join(' ');
  const found = INSTEAD.flatMap(([word, instead]) => {
    const [there] = word.exec(text) ?? [];
    return there === undefined ? [] : [`${there}: write ${instead}`];
  });
  expect(found).toEqual([]);
});

function written(path: string): Page {
  const page = readPage(path);
  return { ...page, prose: page.prose.split(KEPT).at(-1)! };
}
