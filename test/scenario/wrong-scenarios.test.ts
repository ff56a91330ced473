/**
 * Each wrong-scenarios/NAME.yaml gives exactly the text in NAME.txt. UPDATE_GOLDEN=1 writes the texts anew;
 * read what changed before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../lab/scenario/load.ts';
import { printProblems } from '../../lab/scenario/text/print.ts';
import { ScenarioErrors } from '../../lab/scenario/text/problem.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const folder = join(import.meta.dirname, '../wrong-scenarios');
const files = readdirSync(folder);
const names = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));

function complaint(name: string): string {
  try {
    loadScenario(readFileSync(join(folder, `${name}.yaml`)), `${name}.yaml`, vocabulary);
  } catch (error) {
    if (error instanceof ScenarioErrors) return printProblems(error, { colour: false });
    throw error;
  }
  throw new Error(`${name}.yaml is not wrong`);
}

describe('a wrong scenario is refused with exactly this text', () => {
  test.each(names)('%s', (name) => {
    const golden = join(folder, `${name}.txt`);
    const found = complaint(name);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, found);
    expect(found).toBe(readFileSync(golden, 'utf8'));
  });
});

test('every text belongs to a scenario, and there are enough of both', () => {
  const texts = files.filter((file) => file.endsWith('.txt')).map((file) => file.slice(0, -'.txt'.length));
  expect(texts.toSorted()).toEqual(names.toSorted());
  expect(names.length).toBeGreaterThanOrEqual(60);
});
