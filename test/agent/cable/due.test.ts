/** What is due comes out by its time, and of equal times in the order in which it went in. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Due } from '../../../lab/agent/cable/due.ts';

test('any times come out sorted, equal ones as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const due = new Due<{ due: number; index: number }>();
      for (const [index, at] of times.entries()) due.add({ due: at, index });
      expect(due.size).toBe(times.length);
      const out = times.map(() => due.take()!);
      expect(out).toEqual(
        times.map((at, index) => ({ due: at, index })).toSorted((a, b) => a.due - b.due || a.index - b.index),
      );
      expect(due.take()).toBeUndefined();
      expect(due.next).toBe(Number.POSITIVE_INFINITY);
    }),
  );
});

test('entries that are made later come out by their new times', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 1, max: 30 }), (times, by) => {
      const due = new Due<{ due: number; index: number }>();
      for (const [index, at] of times.entries()) due.add({ due: at, index });
      due.delay(by, ({ index }) => index % 2 === 1);
      const out = times.map(() => due.take()!);
      expect(out).toEqual(
        times
          .map((at, index) => ({ due: index % 2 === 1 ? at + by : at, index }))
          .toSorted((a, b) => a.due - b.due || a.index - b.index),
      );
    }),
  );
});
