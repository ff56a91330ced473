/** The English of the pages that people write, and of the comments and names in the scenarios. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../cli/command.ts';
import { sentencesIn, sentencesOf } from './english.ts';
import { type Page, readPage } from './page.ts';
import { hardIn } from './plain.ts';

/** Of this page, only what stands behind the mark is written by a person. */
const KEPT = '<!-- kept -->';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/*.md',
  'docs/reference/*.md',
  'docs/decisions/*.md',
  'services/**/README.md',
]
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .filter((path) => !path.includes('.zh-'));

test('there are pages', () => {
  expect(pages.length).toBeGreaterThan(30);
});

test.each(pages)('%s is in plain English', (path) => {
  expect(hardIn(sentencesOf(written(path)))).toEqual([]);
});

test.each(globSync('scenarios/*.yaml', { cwd: ROOT }))('%s is in plain English', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const { about, steps } = parse(text) as { about: string; steps: { name: string }[] };
  const opening = /^(?:#.*\n)+/.exec(text)?.[0].replaceAll(/^#.*\$schema.*$|^# ?/gm, '') ?? '';
  const sentences = opening
    .split(/\n\s*\n/)
    .flatMap((part) => sentencesIn(part.replaceAll('\n', ' ').trim()));
  expect(hardIn([...sentences, about, ...steps.map(({ name }) => name)])).toEqual([]);
});

function written(path: string): Page {
  const page = readPage(path);
  return { ...page, prose: page.prose.split(KEPT).at(-1)! };
}

test('README.md has less than a hundred words before its first output', () => {
  const [before] = readFileSync(join(ROOT, 'README.md'), 'utf8').split('```console');
  expect(before!.split(/\s+/).length).toBeLessThan(100);
});
