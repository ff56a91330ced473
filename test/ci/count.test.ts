/** .ci/count.mjs: tests summed over several runs, and what counts as a failure. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-count-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file as vitest's JSON reporter writes it, holding one test file. */
function results(run: string, tests: Record<string, string>, message = ''): string {
  const path = join(folder, `${run}.json`);
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  const testResults = [{ name: `/somewhere/${run}/test/a.test.ts`, message, assertionResults }];
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

function count(...sections: [name: string, exitCode: number, results: string][]) {
  const { status, stdout } = spawnSync(process.execPath, ['.ci/count.mjs', ...sections.flat().map(String)]);
  const lines = stdout.toString().trimEnd().split('\n');
  return { status, last: lines.at(-1), failures: lines.slice(0, -1) };
}

test('what passed is summed over the runs', () => {
  const first = results('first', { one: 'passed', two: 'passed' });
  const second = results('second', { one: 'passed' });
  expect(count(['packages', 0, ''], ['tests', 0, first], ['again', 0, second])).toEqual({
    status: 0,
    last: '3 passed, 0 failed',
    failures: [],
  });
});

test('a failed test is named with its run, and counted once though its run ends with an error', () => {
  const tests = results('failing', { one: 'passed', two: 'failed' });
  expect(count(['tests', 1, tests])).toEqual({
    status: 1,
    last: '1 passed, 1 failed',
    failures: ['failed: tests: a.test.ts > two'],
  });
});

test('the first lines of its message stand below it', () => {
  const tests = results('failing', { two: 'failed' });
  const message = ['Error: it is not', 'x'.repeat(400), ...Array(40).fill('more')].join('\n');
  const written = JSON.parse(readFileSync(tests, 'utf8'));
  written.testResults[0].assertionResults[0].failureMessages = [message];
  writeFileSync(tests, JSON.stringify(written));
  const { failures, last } = count(['tests', 1, tests]);
  expect(failures.slice(0, 3)).toEqual([
    'failed: tests: a.test.ts > two',
    '    Error: it is not',
    `    ${'x'.repeat(300)}`,
  ]);
  expect(failures).toHaveLength(26);
  expect(last).toBe('0 passed, 1 failed');
});

test('a section that fails without a failed test is a failure', () => {
  const tests = results('unhandled', { one: 'passed' });
  expect(count(['checks', 2, ''], ['tests', 1, tests])).toMatchObject({
    status: 1,
    last: '1 passed, 2 failed',
  });
});

test('what only a later run of a part skips is no failure', () => {
  const whole = results('whole', { one: 'passed' });
  const part = results('part', { one: 'passed', 'two (no Docker for this user)': 'pending' });
  expect(count(['tests', 0, whole], ['ordinary', 0, part])).toMatchObject({
    status: 0,
    last: '2 passed, 0 failed',
  });
});

test('a test that one run skips and another passes is not a failure', () => {
  const root = results('root', { one: 'skipped', two: 'passed' });
  const ordinary = results('ordinary', { one: 'passed', two: 'pending' });
  expect(count(['root', 0, root], ['ordinary', 0, ordinary])).toMatchObject({
    status: 0,
    last: '2 passed, 0 failed',
  });
});

test('of the claims that were proven each counts, and one that is not shown says where', () => {
  const path = join(folder, 'claims.json');
  const shown = {
    id: 'C16',
    verdict: 'shown',
    by: [{ file: 'a.yaml', step: 1, findings: [{ how: 'as foretold', line: 9 }] }],
  };
  const findings = [
    { how: 'as foretold', line: 20 },
    { how: 'held', line: 24 },
  ];
  const held = { id: 'C14', verdict: 'control held', by: [{ file: 'b.yaml', step: 3, findings }] };
  const untrue = {
    id: 'P2',
    verdict: 'not true here',
    by: [{ file: 'b.yaml', step: 5, untrue: 'received: nothing', findings: [] }],
  };
  writeFileSync(path, JSON.stringify({ shown: 1, not: 2, claims: [shown, held, untrue] }));
  expect(count(['claims proven', 1, path])).toEqual({
    status: 1,
    last: '1 passed, 2 failed',
    failures: [
      'failed: claims proven: C14, control held, b.yaml:24',
      'failed: claims proven: P2, not true here, b.yaml, step 5',
    ],
  });
  writeFileSync(path, JSON.stringify({ shown: 1, not: 0, claims: [shown] }));
  expect(count(['claims proven', 0, path])).toMatchObject({ status: 0, last: '1 passed, 0 failed' });
  expect(count(['claims proven', 3, join(folder, 'nothing.json')])).toMatchObject({
    status: 1,
    failures: ['failed: claims proven: no results were written'],
  });
});

test('a test that every run skips is a failure', () => {
  const root = results('skipping', { one: 'skipped', two: 'passed' });
  expect(count(['root', 0, root])).toEqual({
    status: 1,
    last: '1 passed, 1 failed',
    failures: ['failed: skipped in every run: a.test.ts > one'],
  });
});

test('a test file that cannot be loaded is a failure with its message', () => {
  const broken = results('broken', {}, 'Cannot find module ./x.ts');
  expect(count(['tests', 1, broken])).toMatchObject({
    last: '0 passed, 1 failed',
    failures: ['failed: tests: a.test.ts ran no test: Cannot find module ./x.ts'],
  });
});

test('a run that wrote no results is a failure', () => {
  expect(count(['tests', 124, join(folder, 'absent.json')])).toMatchObject({
    status: 1,
    last: '0 passed, 1 failed',
    failures: ['failed: tests: no results were written'],
  });
});

test('a run of no test is a failure', () => {
  expect(count(['packages', 0, ''])).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
});
