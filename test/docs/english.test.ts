/** The English of the documentation: short sentences, a subject first, and one word for one thing. */
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { sentencesOf } from './english.ts';
import { type Page, readPage } from './page.ts';

const LONGEST = 30;

/** What is not written, and what is written for it. */
const INSTEAD: [RegExp, string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix, repair; what an error advises is its hint'],
  [/\bslips? of the pen\b/i, 'mistake'],
  [/\blikewise\b/i, 'the same, too, also'],
  [/\bwhoever|whomever\b/i, 'everybody who, the host that'],
  [/\b(thereof|therein|whereof|wherein|hereby|thereby)\b/i, 'of it, in it, by this'],
  [/\b(lest|whilst|albeit|ere)\b/i, 'so that not, while, although, before'],
  [/\bin (its|their|his|her) stead\b/i, 'instead'],
  [/\bnought|aught\b/i, 'nothing, anything'],
  [/\bforthwith|henceforth\b/i, 'at once, from now on'],
  [/\bsave for\b/i, 'except'],
  [/\bfor want of\b/i, 'because there is no'],
  [/\bper se\b|\bviz\b|\bvice versa\b|\bergo\b/i, 'English words'],
  [/\be\.g\.|\bi\.e\.|\betc\./i, 'for example, that is, and so on'],
  [/\bobviously|of course|simply|trivially\b/i, 'nothing: it helps nobody'],
  [/\butili[sz]e/i, 'use'],
  [/\bleverag/i, 'use'],
  [/\bseamless|robust|powerful|blazing/i, 'a fact'],
  [/\bcables? (is|are) severed\b/i, 'cut'],
  [/\bmachine-gun|hammer(s|ed)? (the|a) server\b/i, 'load'],
  [/\bblack out|dead in the water\b/i, 'a plain word'],
  [/\bpackets? of (TCP)\b/, 'segment'],
  [/\bUDP packets?\b/, 'datagram'],
  [/\bTCP packets?\b/, 'segment'],
  [/\bEthernet packets?\b/, 'frame'],
];

/** A clause in the place of the subject: `What is sent to it is lost.` A question may begin so. */
const CLAUSE_FIRST = /^(What|Who|Whom|Whatever|Whoever|Whichever)\b(?!.*\?$)/;

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
