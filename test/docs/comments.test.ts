/** The English of the comments in the source. */
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { commentsOf } from './comments.ts';
import { hardIn } from './plain.ts';

const files = globSync('{lab,services}/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules'] });

test('comments are found: of a file, of a function, inside a function', () => {
  const found = commentsOf('services/environment.ts').flatMap(({ sentences }) => sentences);
  expect(found.length).toBeGreaterThan(3);
});

test('every comment is in plain English', () => {
  const hard = files
    .flatMap(commentsOf)
    .flatMap(({ at, sentences }) => hardIn(sentences).map((why) => `${at} ${why}`));
  expect(hard).toEqual([]);
});
