/** What .ci/run says of the time that its test files took. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-slowest-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As vitest's JSON reporter writes it, with files that took so many milliseconds. */
function results(run: string, took: readonly number[]): string {
  const path = join(folder, `${run}.json`);
  const testResults = took.map((endTime, index) => {
    const name = `/somewhere/${run}/test/part/${index}.test.ts`;
    return { name, startTime: 0, endTime, assertionResults: [] };
  });
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

function slowest(...sections: string[]): string[] {
  const { stdout } = spawnSync(process.execPath, ['.ci/slowest.mjs', ...sections]);
  return stdout.toString().split('\n').slice(0, -1);
}

test('the slowest files of all sections are named, slowest first, with their section', () => {
  expect(slowest('tests', results('root', [1500, 70_000]), 'again', results('user', [4000]))).toEqual([
    '  70.0 s  test/part/1.test.ts (tests)',
    '   4.0 s  test/part/0.test.ts (again)',
    '   1.5 s  test/part/0.test.ts (tests)',
  ]);
});

test('of many files ten are named', () => {
  const many = results('many', [...Array(30).keys()]);
  expect(slowest('tests', many)).toHaveLength(10);
});

test('a section without results, or with those of something else, has no files', () => {
  const claims = join(folder, 'claims.json');
  writeFileSync(claims, JSON.stringify({ claims: [] }));
  expect(slowest('tests', join(folder, 'absent.json'), 'claims proven', claims)).toEqual([]);
});
