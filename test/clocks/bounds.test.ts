/** The arithmetic of clocks: bounds from messages, by tables, and by random clocks whose true offsets are known. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bounds, DRIFT } from '../../lab/clocks/bounds.ts';

const MS = 1_000_000;

describe('two clocks', () => {
  // RFC 5905 section 8: offset = ((T2 - T1) + (T3 - T4)) / 2, delay = (T4 - T1) - (T3 - T2).
  test.each([
    { name: 'the same time', t: [0, 5, 6, 11], offset: 0, delay: 10 },
    { name: 'the other is ahead', t: [0, 5005, 5006, 11], offset: 5000, delay: 10 },
    { name: 'the other is behind', t: [1000, 5, 6, 1011], offset: -1000, delay: 10 },
    { name: 'the way there took all the time', t: [0, 10, 10, 10], offset: 5, delay: 10 },
    { name: 'no time passed on the way', t: [0, 7, 9, 2], offset: 7, delay: 0 },
  ])(
    '$name: the middle is the offset of NTP, and half its delay is the uncertainty',
    ({ t, offset, delay }) => {
      const [t1, t2, t3, t4] = t as [number, number, number, number];
      const bounds = new Bounds(['a', 'b']);
      bounds.add('a', 'b', t2 - t1);
      bounds.add('b', 'a', t4 - t3);
      expect(bounds.between('a', 'b')).toEqual({ least: offset - delay / 2, most: offset + delay / 2 });
      expect(bounds.middle()).toEqual(
        new Map([
          ['a', 0],
          ['b', offset],
        ]),
      );
    },
  );

  test('messages in one direction bound on one side', () => {
    const bounds = new Bounds(['a', 'b']);
    bounds.add('a', 'b', 3);
    expect(bounds.between('a', 'b')).toEqual({ least: Number.NEGATIVE_INFINITY, most: 3 });
    expect(bounds.between('b', 'a')).toEqual({ least: -3, most: Number.POSITIVE_INFINITY });
  });

  test('the fastest message of each direction counts', () => {
    const bounds = new Bounds(['a', 'b']);
    for (const took of [9, 4, 7]) bounds.add('a', 'b', took);
    for (const took of [5, 2, 8]) bounds.add('b', 'a', took);
    expect(bounds.between('a', 'b')).toEqual({ least: -2, most: 4 });
  });

  test('a message that cannot be is refused, and nothing changes', () => {
    const bounds = new Bounds(['a', 'b']);
    bounds.add('a', 'b', 4);
    expect(bounds.add('b', 'a', -5)).toBe(false);
    expect(bounds.between('a', 'b')).toEqual({ least: Number.NEGATIVE_INFINITY, most: 4 });
  });

  test('bounds grow by what two clocks drift apart, and a later message narrows them again', () => {
    const bounds = new Bounds(['a', 'b']);
    bounds.age(1000);
    bounds.add('a', 'b', 4 * MS);
    bounds.add('b', 'a', 4 * MS);
    bounds.age(3000);
    const most = 4 * MS + 2000 * DRIFT;
    expect(bounds.between('a', 'b')).toEqual({ least: -most, most });
    bounds.add('a', 'b', 1 * MS);
    expect(bounds.between('a', 'b')).toEqual({ least: -most, most: 1 * MS });
  });

  test('nothing is known of a clock that was set, and the others are as they were', () => {
    const bounds = new Bounds(['a', 'b', 'c']);
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['c', 'b'],
    ] as const)
      bounds.add(one, other, 2);
    bounds.forget('b');
    expect(bounds.between('a', 'b').most).toBe(Number.POSITIVE_INFINITY);
    expect(bounds.between('a', 'c')).toEqual({ least: -4, most: 4 });
  });
});

test('bounds of two machines that exchange nothing follow by way of a third', () => {
  const bounds = new Bounds(['a', 'b', 'c']);
  bounds.add('a', 'b', 12);
  bounds.add('b', 'a', -8);
  bounds.add('b', 'c', 3);
  bounds.add('c', 'b', 1);
  expect(bounds.between('a', 'c')).toEqual({ least: 7, most: 15 });
});

describe('random clocks', () => {
  const clocks = fc.array(fc.integer({ min: -1e10, max: 1e10 }), { minLength: 2, maxLength: 6 });
  const messages = fc.array(
    fc.record({ from: fc.nat(5), to: fc.nat(5), delay: fc.integer({ min: 0, max: 1e8 }) }),
    { maxLength: 40 },
  );
  const told = (offsets: readonly number[], sent: readonly { from: number; to: number; delay: number }[]) => {
    const bounds = new Bounds(offsets.map((_, index) => `${index}`));
    const some = sent.map(({ from, to, delay }) => ({
      from: from % offsets.length,
      to: to % offsets.length,
      delay,
    }));
    const refused = some.filter(
      ({ from, to, delay }) =>
        from !== to && !bounds.add(`${from}`, `${to}`, offsets[to]! - offsets[from]! + delay),
    );
    return { bounds, some, refused };
  };

  test('the true offset is always within the bounds, and no true message is refused', () => {
    fc.assert(
      fc.property(clocks, messages, (offsets, sent) => {
        const { bounds, refused } = told(offsets, sent);
        expect(refused).toEqual([]);
        for (const [i, one] of offsets.entries())
          for (const [j, other] of offsets.entries()) {
            const { least, most } = bounds.between(`${i}`, `${j}`);
            expect(least).toBeLessThanOrEqual(other - one);
            expect(most).toBeGreaterThanOrEqual(other - one);
          }
      }),
    );
  });

  test('with the offsets in the middle no message is received before it is sent', () => {
    fc.assert(
      fc.property(clocks, messages, (offsets, sent) => {
        const round = offsets.flatMap((_, to) =>
          to === 0
            ? []
            : [
                { from: 0, to, delay: 1e9 },
                { from: to, to: 0, delay: 1e9 },
              ],
        );
        const { bounds, some } = told(offsets, [...round, ...sent]);
        const middle = bounds.middle();
        for (const { from, to, delay } of some) {
          const took = offsets[to]! - offsets[from]! + delay;
          expect(took - (middle.get(`${to}`)! - middle.get(`${from}`)!)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('clocks that drift by no more than allowed are within bounds that have grown', () => {
    const drift = fc.double({ min: -DRIFT / 2, max: DRIFT / 2, noNaN: true });
    const at = fc.integer({ min: 0, max: 100_000 });
    const sentAt = fc.array(fc.record({ at, back: fc.boolean(), delay: fc.integer({ min: 0, max: 1e7 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(drift, drift, sentAt, (one, other, sent) => {
        const bounds = new Bounds(['a', 'b']);
        const offset = (at: number) => (other - one) * at;
        for (const { at, back, delay } of sent.toSorted((a, b) => a.at - b.at)) {
          bounds.age(at);
          const [from, to] = back ? (['b', 'a'] as const) : (['a', 'b'] as const);
          expect(bounds.add(from, to, (back ? -offset(at) : offset(at)) + delay + 1)).toBe(true);
        }
        bounds.age(100_000);
        const { least, most } = bounds.between('a', 'b');
        expect(least).toBeLessThanOrEqual(offset(100_000));
        expect(most).toBeGreaterThanOrEqual(offset(100_000));
      }),
    );
  });
});
