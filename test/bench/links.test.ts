/** What the bench of links says of numbers: counts, runs, spreads, windows, and its table. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { merged, type Results, renewed, type Way } from '../../bench/links/page.ts';
import { mostIn } from '../../bench/links/rate.ts';
import { distance, interval, mostDistance, normalBelow, runsMissing } from '../../bench/links/statistics.ts';

test('99.9 % of counts lie between so many', () => {
  expect(interval(20_000, 0.1)).toEqual([1861, 2139]);
  expect(interval(100, 0)).toEqual([0, 0]);
});

test('runs are counted, at both ends too', () => {
  expect(runsMissing(9, new Set([3, 5, 6]))).toEqual([2, 1, 3]);
  expect(runsMissing(3, new Set([1, 2, 3]))).toEqual([]);
});

test('values that are spread evenly are near to it, and all in one place are far', () => {
  const even = Array.from({ length: 1000 }, (_, index) => (index + 0.5) / 1000);
  const below = (value: number) => value;
  expect(distance(even, below)).toBeLessThan(0.001);
  expect(
    distance(
      even.map(() => 0.5),
      below,
    ),
  ).toBeGreaterThan(mostDistance(1000));
});

test('a normal distribution has its known shares', () => {
  expect(normalBelow(0)).toBeCloseTo(0.5, 6);
  expect(normalBelow(1)).toBeCloseTo(0.841345, 5);
  expect(normalBelow(-1.96)).toBeCloseTo(0.0249979, 5);
});

test('the fullest window is found wherever it begins', () => {
  const at = (time: number) => ({ at: time, length: 1 });
  expect(mostIn([at(0), at(60), at(90), at(110), at(161)], 100)).toBe(24);
});

test('docs/links.md has the table of the results beside the bench', () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const page = read('docs/links.md');
  expect(page).toBe(renewed(page, JSON.parse(read('bench/results/links.json')) as Results));
});

test('each way of carrying frames has a table of its own, and rows that were not measured anew stay', () => {
  const machine = {} as Results['machine'];
  const row = (engine: Way, name: string, found: string) => {
    return { engine, name, load: 1, commit: 'c', when: '2026-01-01', found: [{ asked: name, found }] };
  };
  const before = { machine, rows: [row('docker', 'delay', 'old'), row('netns, rootless', 'delay', 'kept')] };
  const now = { machine, rows: [row('docker', 'delay', 'new'), row('netns', 'delay', 'root')] };
  const all = merged(before, now, ['delay']);
  expect(all.rows.map(({ engine, found }) => [engine, found[0]!.found])).toEqual([
    ['netns', 'root'],
    ['netns, rootless', 'kept'],
    ['docker', 'new'],
  ]);
  const page = renewed('<!-- measured --><!-- /measured -->', all);
  expect(page.match(/^On `.*`/gm)).toEqual(['On `netns`', 'On `netns, rootless`', 'On `docker`']);
});
