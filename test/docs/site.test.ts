/** The documentation site has every page of docs/, in its navigation too, and no link that leads out of it. */
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, test } from 'vitest';
import { chineseNavigation, type Group, linkTo, navigation } from '../../site/navigation.ts';
import { pagesOfSite, placeOf } from '../../site/pages.ts';
import { ROOT } from '../cli/command.ts';

const pages = pagesOfSite();
const docs = globSync(['README*.md', 'docs/**/*.md'], { cwd: ROOT }).map(placeOf);
const isChinese = (place: string) => place.startsWith('zh-CN/');

test('every page of docs/ is on the site', () => {
  expect(docs.length).toBeGreaterThan(50);
  expect(docs.filter((place) => !pages.has(place))).toEqual([]);
});

test('every link leads to a page or a picture of the site', () => {
  const lost = [...pages].flatMap(([place, content]) => {
    const there = linksOf(content).map((target) => join(dirname(place), target));
    return there.filter((target) => !pages.has(target)).map((target) => `${place}: ${target}`);
  });
  expect(lost).toEqual([]);
});

test('every page in Chinese is the page of the same place in English', () => {
  const chinese = docs.filter(isChinese);
  expect(chinese.length).toBeGreaterThan(1);
  expect(chinese.filter((place) => !pages.has(place.replace('zh-CN/', '')))).toEqual([]);
});

describe.each([
  ['English', navigation(pages), docs.filter((place) => !isChinese(place))],
  ['Chinese', chineseNavigation(pages), docs.filter(isChinese)],
] as const)('the navigation in %s', (_, groups, expected) => {
  test('has every page of docs/ in its language', () => {
    const links = new Set(linksIn(groups));
    expect(expected.filter((place) => !links.has(linkTo(place)))).toEqual([]);
  });

  test('leads to pages, to each of them once', () => {
    const there = new Set([...pages.keys()].map(linkTo));
    expect(linksIn(groups).filter((link) => !there.has(link))).toEqual([]);
    expect(linksIn(groups)).toEqual([...new Set(linksIn(groups))]);
  });
});

function linksIn(groups: readonly Group[]): string[] {
  return groups.flatMap(({ items }) => items.map(({ link }) => link));
}

function linksOf(content: string | Buffer): string[] {
  if (typeof content !== 'string') return [];
  const prose = content.replaceAll(/^(`{3,}).*?^\1$/gms, '');
  const targets = [...prose.matchAll(/\]\(([^)\s#]+)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}
