/** The nearest name to one that was mistyped. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, nearest } from '../../lab/scenario/hints/nearest.ts';

const word = fc.string({ maxLength: 12 });

describe('the nearest name', () => {
  test.each([
    ['netwroks', ['lab', 'networks', 'hosts'], 'networks'],
    ['ecko', ['clock', 'echo'], 'echo'],
    ['Alice', ['bob', 'alice'], 'alice'],
    ['tpc', ['udp', 'tcp'], 'tcp'],
    ['printer', ['echo', 'alice'], undefined],
    ['a', ['echo'], undefined],
  ])('of %s among %j is %s', (typed, names, meant) => expect(nearest(typed, names)).toBe(meant));

  test('two neighbours swapped, one put in, left out or replaced are one slip', () => {
    expect(distance('ab', 'ba')).toBe(1);
    expect(distance('abc', 'abxc')).toBe(1);
    expect(distance('abc', 'ac')).toBe(1);
    expect(distance('abc', 'axc')).toBe(1);
    expect(distance('kitten', 'sitting')).toBe(3);
  });

  test('the distance is the same both ways, nothing to itself, and at most the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, a)).toBe(0);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
