/** The pages that exist in two languages: what they tell to type, where they lead, and that they keep in step. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { type Block, commands, links, named, readPage } from './page.ts';
import { callsLanlab, troubleNaming, troubleTyping } from './typed.ts';

const PAIRS = [
  ['README.md', 'README.zh-CN.md'],
  ['docs/tutorial.md', 'docs/tutorial.zh-CN.md'],
] as const;

const COMMENT = /\s+(#|\/\/) .*$/;

describe.each(PAIRS.flat())('%s', (path) => {
  const page = readPage(path);

  test('tells to type commands that lanlab has, with their options and arguments, of files that are there', () => {
    const typed = commands(page).filter(callsLanlab);
    expect(typed.length + named(page).length).toBeGreaterThan(0);
    expect(typed.map(troubleTyping).filter(Boolean)).toEqual([]);
  });

  test('names no command or option that lanlab does not have', () => {
    expect(named(page).map(troubleNaming).filter(Boolean)).toEqual([]);
  });

  test('links to what is there', () => {
    expect(links(page).filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });
});

describe.each(PAIRS)('%s and %s', (english, chinese) => {
  const [one, other] = [readPage(english), readPage(chinese)];

  test('lead to each other on the first line', () => {
    const first = (path: string) => readPage(path).prose.split('\n')[0];
    const name = (path: string) => path.split('/').at(-1);
    expect(first(english)).toContain(`](${name(chinese)})`);
    expect(first(chinese)).toContain(`](${name(english)})`);
  });

  test('have the same headings, level by level', () => {
    expect(other.headings.map(({ level }) => level)).toEqual(one.headings.map(({ level }) => level));
  });

  test('have the same code, but for its comments', () => {
    expect(other.blocks.map(withoutComments)).toEqual(one.blocks.map(withoutComments));
  });

  test('name the same code in their tables', () => {
    expect(tableCode(other.prose)).toEqual(tableCode(one.prose));
  });

  test('lead to the same pages', () => {
    const own = (path: string) => path.replace('.zh-CN.md', '.md');
    expect(new Set(links(other).map(own))).toEqual(new Set(links(one).map(own)));
  });
});

/** A drawing (a block of no language) may be labelled in either language: only its being there counts. */
function withoutComments({ language, lines }: Block): Block {
  if (language === '') return { language, lines: [] };
  const hasComment = (line: string) => language !== 'console' || line.startsWith('$ ');
  return { language, lines: lines.map((line) => (hasComment(line) ? line.replace(COMMENT, '') : line)) };
}

function tableCode(prose: string): string[] {
  const rows = prose.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) => row.match(/`[^`]+`/g) ?? []);
}
