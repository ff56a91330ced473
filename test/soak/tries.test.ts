/** The changes that the tutorial proposes, made and run: lanlab still says what is quoted below each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { probeEngines } from '../../lab/engines/index.ts';
import { start } from '../cli/command.ts';
import { type Block, readChapters } from '../docs/page.ts';
import { changed, scenarioFile, scenarioText } from '../docs/quoted.ts';
import { describeNeeding } from '../needs.ts';

const tries = readChapters('docs/tutorial.md').flatMap(({ number, blocks }) =>
  blocks.flatMap((block, at) =>
    block.language === 'diff' ? [{ file: scenarioFile(number), change: block, said: blocks[at + 1]! }] : [],
  ),
);

/** Ports, times and frame numbers are others in every run, and so lines break elsewhere. */
function steady(text: string): string {
  return text
    .replace(/[\d.]+ (?:ms|s|min)\b/g, 'TIME')
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What is quoted, in pieces where lines were left out. */
function pieces({ lines }: Block): string[] {
  return lines
    .join('\n')
    .split(/^…$/m)
    .map(steady)
    .filter((piece) => piece !== '');
}

const netns = (await probeEngines()).find(({ engine }) => engine.name === 'netns')!;
const { lacking } = netns.report;

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'what the tutorial proposes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-tries-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // Side by side: most of a failing step is waiting.
  test.concurrent.each(tries.map((one, index) => [index + 1, one.file, one] as const))(
    'change %i, of %s, fails as quoted',
    async (index, file, { change, said }) => {
      const path = join(folder, `${index}-${file}`);
      writeFileSync(path, changed(scenarioText(file), change));
      const run = start(['run', path, '--engine', 'netns', '--strict'], { LC_ALL: 'C.UTF-8' });
      const { exit, stdout } = await run.ended;
      expect(exit).toBe(1);
      const found = steady(stdout);
      expect(pieces(said).length).toBeGreaterThan(0);
      for (const piece of pieces(said)) expect(found).toContain(piece);
    },
    120_000,
  );
});
