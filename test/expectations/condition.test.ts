/** Conditions on one plain value: comparisons, ranges, patterns. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, readCondition } from '../../lab/expectations/condition.ts';

function holds(written: string | number | boolean, found: string | number | boolean): boolean {
  const condition = readCondition(written);
  if (typeof condition === 'string') throw new Error(condition);
  return compare(condition, found);
}

describe('conditions on a field', () => {
  test.each([
    [2, 2, true],
    [2, 3, false],
    [true, true, true],
    ['text', 'text', true],
    ['text', 'texts', false],
    ['< 0.5', 0.49, true],
    ['< 0.5', 0.5, false],
    ['<= 0.5', 0.5, true],
    ['≤ 0.5', 0.51, false],
    ['> -1', 0, true],
    ['>= 3', 2, false],
    ['≥3', 3, true],
    ['-0.5 .. 0.5', -0.4, true],
    ['-0.5 .. 0.5', -5, false],
    ['1..15', 16, false],
    ['/^a.c$/', 'abc', true],
    ['/^a.c$/', 'abcd', false],
    ['< 5', 'text', false],
    ['2', 2, false],
  ])('%j and %j: %j', (written, found, held) => {
    expect(holds(written, found)).toBe(held);
  });

  test.each([
    ['< much', 'after < comes a number, found "much"'],
    ['/(/', '/(/ is not a regular expression'],
  ])('%s is refused', (written, message) => {
    expect(readCondition(written)).toContain(message);
  });

  test('a range holds exactly between its ends', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, number, (from, to, found) => {
        expect(holds(`${from} .. ${to}`, found)).toBe(found >= from && found <= to);
      }),
    );
  });
});
