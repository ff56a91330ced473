/** The tutorial against the scenarios and the program, and its two languages against each other. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { anchor } from '../../site/anchor.ts';
import { ROOT, start } from '../cli/command.ts';
import { claims, commands, exchanges, readChapters, readPage } from './page.ts';
import { changed, misquoted, numbered, scenarioFile, scenarioText } from './quoted.ts';
import { callsLanlab, wordsOf } from './typed.ts';

const ENGLISH = 'docs/tutorial.md';
const CHINESE = 'docs/tutorial.zh-CN.md';
const WRONG = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7'];

const load = (text: string, name: string) => loadScenario(text, name, vocabulary);

describe.each([ENGLISH, CHINESE])('%s', (path) => {
  const chapters = readChapters(path);

  test('has one chapter for every scenario, in the order of their numbers', () => {
    expect(chapters.map(({ number }) => scenarioFile(number))).toEqual([...numbered.values()]);
  });

  test('lists its chapters at the beginning, each with where it is', () => {
    const { prose, headings } = readPage(path);
    const listed = [...prose.matchAll(/\[(\d+\. [^\]]+)\]\(#([^)]+)\)/g)].map(([, title, at]) => [title, at]);
    const numbers = headings.map(({ title }) => title).filter((title) => /^\d+\. /.test(title));
    expect(listed).toEqual(numbers.map((title) => [title, anchor(title)]));
  });

  test('puts right each thing in which the textbooks are wrong', () => {
    expect([...new Set(chapters.flatMap(claims))].filter((claim) => claim.startsWith('W')).sort()).toEqual(
      WRONG,
    );
  });

  describe.each(chapters.map((chapter) => [chapter.number, chapter] as const))(
    'chapter %i',
    (number, chapter) => {
      test('names its scenario, runs it, and runs no other', () => {
        expect(chapter.prose).toContain(`\`scenarios/${scenarioFile(number)}\``);
        const run = commands(chapter).filter((command) => command.startsWith('bin/lanlab run '));
        expect(run.map((command) => wordsOf(command)[2])).toEqual([`scenarios/${scenarioFile(number)}`]);
      });

      test('names the claims that its scenario shows', () => {
        const { steps } = load(scenarioText(scenarioFile(number)), scenarioFile(number));
        const shown = new Set(steps.flatMap(({ shows }) => shows));
        const named = claims(chapter);
        expect(
          named.filter((claim) => !claim.startsWith('W') && !shown.has(claim)),
          'not shown',
        ).toEqual([]);
        expect(
          [...shown].filter((claim) => !named.includes(claim) && !WRONG.includes(claim)),
          'not named',
        ).toEqual([]);
      });

      test('quotes steps by their numbers, names and claims', () => {
        const scenario = load(scenarioText(scenarioFile(number)), scenarioFile(number));
        expect(exchanges(chapter).some(({ output }) => output.some((line) => /^✓ /.test(line)))).toBe(true);
        expect(misquoted(chapter, scenario)).toEqual([]);
      });

      test('proposes a change that fits the scenario and makes another that loads', () => {
        const changes = chapter.blocks.filter(({ language }) => language === 'diff');
        expect(changes.length).toBeGreaterThan(0);
        for (const change of changes) {
          const text = scenarioText(scenarioFile(number));
          expect(changed(text, change)).not.toBe(text);
          load(changed(text, change), scenarioFile(number));
        }
      });
    },
  );
});

describe('the two languages of the tutorial', () => {
  const chinese = new Map(readChapters(CHINESE).map((chapter) => [chapter.number, chapter]));
  test.each(readChapters(ENGLISH).map((chapter) => [chapter.number, chapter] as const))(
    'chapter %i has the same commands, output, changes and claims',
    (number, chapter) => {
      const other = chinese.get(number)!;
      expect(commands(other)).toEqual(commands(chapter));
      expect(other.blocks).toEqual(chapter.blocks);
      expect(claims(other)).toEqual(claims(chapter));
    },
  );
});

describe('what needs no engine', () => {
  const quick = exchanges(readPage(ENGLISH)).filter(({ command }) => {
    const [, name, target] = callsLanlab(command) ? wordsOf(command) : [];
    return ['validate', 'ladder', 'graph'].includes(name ?? '') && existsSync(join(ROOT, target ?? ''));
  });

  test('is shown of more than one command', () => {
    expect(quick.length).toBeGreaterThan(1);
  });

  test.each(quick)('$command prints what the tutorial quotes', async ({ command, output }) => {
    const { exit, stdout } = await start(wordsOf(command).slice(1), { LC_ALL: 'C.UTF-8' }).ended;
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.trimEnd())).toEqual(output);
  });
});
