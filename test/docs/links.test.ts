/** Every relative link of the documentation leads somewhere: to a file that is there, and to a heading in it. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { anchorsOf, readPage } from './page.ts';

const pages = ['*.md', 'docs/**/*.md', 'services/*.md', 'services/*/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: ROOT }),
);

test('there are pages', () => {
  expect(pages.length).toBeGreaterThan(30);
});

test.each(pages)('%s leads to what is there', (path) => {
  expect(targetsOf(path).filter((target) => !leads(path, target))).toEqual([]);
});

function targetsOf(path: string): string[] {
  const { prose } = readPage(path);
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leads(path: string, target: string): boolean {
  const [file = '', fragment] = target.split('#');
  const there = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file));
  if (!existsSync(join(ROOT, there))) return false;
  return fragment === undefined || anchorsOf(readPage(there)).includes(fragment);
}
