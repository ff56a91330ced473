/** Pairs measured in turn: their median, their ratio, and whether a limit is met. */
import { describe, expect, test } from 'vitest';
import { highest, rates } from '../../bench/labs/rates.ts';
import { inTurn, isMet, median, summary } from '../../bench/labs/ratios.ts';
import { fixedWaits } from '../../bench/labs/start.ts';

describe('ratios', () => {
  test('the median is the one in the middle, or the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 4, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  test('both sides are measured in turn, ours first', async () => {
    const order: string[] = [];
    const side = (name: string, value: number) => async () => {
      order.push(name);
      return value;
    };
    const pairs = await inTurn(2, side('A', 1), side('B', 4));
    expect(order).toEqual(['A', 'B', 'A', 'B']);
    expect(pairs).toEqual([
      { ours: 1, theirs: 4 },
      { ours: 1, theirs: 4 },
    ]);
    expect(await inTurn(1, side('A', 3))).toEqual([{ ours: 3 }]);
  });

  test('the ratio is the median of the pairs’ ratios, not the ratio of the medians', () => {
    const pairs = [
      { ours: 1, theirs: 1 },
      { ours: 6, theirs: 2 },
      { ours: 4, theirs: 10 },
    ];
    expect(summary(pairs)).toEqual({ ours: 4, theirs: 2, value: 1, least: 0.4, most: 3 });
  });

  test('without a peer the number stands for itself', () => {
    expect(summary([{ ours: 3 }, { ours: 1 }, { ours: 2 }])).toEqual({
      ours: 2,
      value: 2,
      least: 1,
      most: 3,
    });
  });

  test('a limit itself is met, from either side', () => {
    expect([isMet(12, 12, 'at most'), isMet(12.1, 12, 'at most')]).toEqual([true, false]);
    expect([isMet(75, 75, 'at least'), isMet(74.9, 75, 'at least')]).toEqual([true, false]);
  });
});

describe('rates', () => {
  const all = rates(20_000, 200_000);

  test('go up by a tenth, to the most', () => {
    expect(all.at(-1)).toBe(200_000);
    expect(all[0]).toBeGreaterThanOrEqual(20_000);
    for (const [index, rate] of all.slice(1).entries()) expect(rate / all[index]!).toBeCloseTo(1.1, 1);
  });

  test.each([0, 20_000, 75_000, 200_000, 1_000_000])(
    'the highest that holds is found, below %i',
    async (limit) => {
      const asked: number[] = [];
      const found = await highest(all, async (rate) => {
        asked.push(rate);
        return rate <= limit ? rate : 0;
      });
      expect(found).toBe(all.findLast((rate) => rate <= limit) ?? 0);
      expect(asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(all.length + 1)));
    },
  );
});

test('a step has a fixed wait where it took at least so long in every run', () => {
  const runs = [
    [3, 55, 203.5, 60, 49.9],
    [2, 50, 201, 4, 70],
  ];
  expect(fixedWaits(runs)).toBe(50 + 200);
});
