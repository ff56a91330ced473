/** The clocks of machines beside ours: machines that answer with another time, in no time or late, and frames between them. */
import { describe, expect, test } from 'vitest';
import { type Reading, readClock } from '../../lab/agent/wall-clock.ts';
import { Clocks } from '../../lab/clocks/clocks.ts';
import { onOurClock } from '../../lab/live/on-our-clock.ts';
import { later } from '../../lab/wire/stamp.ts';

const MS = 1_000_000;
const MACHINES = new Map([
  ['alice', 'a'],
  ['bob', 'b'],
  ['carol', 'b'],
]);

/** A reading of a clock that is so many milliseconds ahead of ours. */
function ahead(milliseconds: number): Reading {
  const { least, most } = readClock();
  return { least: least + milliseconds * 1000, most: most + milliseconds * 1000 };
}

function clocksOf(by: Record<string, number>): Clocks {
  return new Clocks(MACHINES, async (machine) => ahead(by[machine]!));
}

describe('a reading of the clock', () => {
  test('has the time of the system between its ends, which are near', () => {
    for (let left = 100; left > 0; left--) {
      const before = Date.now();
      const { least, most } = readClock();
      expect(least / 1000).toBeLessThan(Date.now() + 1);
      expect(most / 1000).toBeGreaterThan(before);
      expect(most - least).toBeLessThan(1000);
    }
  });
});

describe('the clocks of machines', () => {
  test('are compared by asking, and the true distance is within the uncertainty', async () => {
    const clocks = clocksOf({ a: -70, b: 3_600_000 });
    await clocks.ask();
    const [pair] = clocks.pairs();
    expect(pair?.machines).toEqual(['a', 'b']);
    expect(Math.abs(pair!.ahead - 3_600_070)).toBeLessThanOrEqual(pair!.uncertainty + 1e-3);
    const bob = clocks.of('bob');
    expect(Math.abs(bob.ahead() - 3_600_000 * MS)).toBeLessThanOrEqual(bob.uncertainty() + 1000);
  });

  test('have no pair, and no uncertainty between hosts, where one machine has both', async () => {
    const clocks = new Clocks(
      new Map([
        ['bob', 'b'],
        ['carol', 'b'],
      ]),
      async () => ahead(5000),
    );
    await clocks.ask();
    expect(clocks.pairs()).toEqual([]);
    expect(clocks.error('bob', 'carol', 1e6, clocks.offsets)).toEqual({ least: 0, most: 0 });
  });

  test('are bounded by frames far better than by answers that take long', async () => {
    const clocks = new Clocks(MACHINES, async (machine) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ahead(machine === 'b' ? 400 : 0);
    });
    await clocks.ask();
    const used = clocks.offsets;
    // 50 µs each way, and the stamps are on our clock as well as it was known.
    const wrong = used.get('b')! - used.get('a')! - 400 * MS;
    clocks.learn(
      [
        { from: 'alice', to: 'bob', took: 50_000 - wrong },
        { from: 'carol', to: 'alice', took: 50_000 + wrong },
      ],
      used,
    );
    const [pair] = clocks.pairs();
    expect(pair!.uncertainty).toBeLessThan(0.06);
    expect(pair!.ahead).toBeCloseTo(400, 3);
  });

  test('keep their offsets as long as nothing contradicts them, and then change them all at once', async () => {
    // Answers to within half a millisecond: what the two processors add is far less.
    const clocks = new Clocks(MACHINES, async (machine) => {
      const { least, most } = ahead(machine === 'b' ? 10 : 0);
      return { least: least - 500, most: most + 500 };
    });
    await clocks.ask();
    const used = clocks.offsets;
    await clocks.ask();
    clocks.learn([{ from: 'alice', to: 'bob', took: MS }], used);
    expect(clocks.offsets).toBe(used);
    const { least } = clocks.error('alice', 'bob', 0, used);
    // Received before it was sent, by less than the clocks may be wrong.
    clocks.learn([{ from: 'alice', to: 'bob', took: least / 2 }], used);
    expect(clocks.offsets).not.toBe(used);
    const moved = clocks.offsets.get('b')! - clocks.offsets.get('a')! - (used.get('b')! - used.get('a')!);
    expect(moved).toBeLessThanOrEqual(least / 2 + 1);
  });

  test('a frame that cannot be is no message, and changes nothing', async () => {
    const clocks = clocksOf({ a: 0, b: 10 });
    await clocks.ask();
    const used = clocks.offsets;
    clocks.learn([{ from: 'alice', to: 'bob', took: -3000 * MS }], used);
    expect(clocks.offsets).toBe(used);
  });

  test('one that is set is not judged for the time that stamps are old, and is known again', async () => {
    const by = { a: 0, b: 10 };
    const clocks = clocksOf(by);
    await clocks.ask();
    by.b = 20_000;
    await clocks.ask();
    clocks.learn([], clocks.offsets);
    expect(clocks.error('alice', 'bob', 60_000, clocks.offsets).most).toBe(Number.POSITIVE_INFINITY);
    expect(clocks.pairs()[0]!.ahead).toBeCloseTo(20_000, -1);
    expect(clocks.of('bob').ahead() / MS).toBeCloseTo(20_000, -1);
  });

  test('one that does not answer holds nobody up, and is not asked twice', async () => {
    let asked = 0;
    const clocks = new Clocks(MACHINES, (machine) => {
      if (machine === 'a') return Promise.resolve(ahead(7));
      asked++;
      return new Promise(() => {});
    });
    await clocks.ask();
    await clocks.ask();
    expect(asked).toBe(1);
    expect(clocks.pairs()).toEqual([]);
    expect(clocks.of('alice').ahead() / MS).toBeCloseTo(7, 0);
    expect(clocks.error('alice', 'bob', 0, clocks.offsets).most).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each([
  [{ seconds: 5, nanoseconds: 999_999_999 }, 1, { seconds: 6, nanoseconds: 0 }],
  [{ seconds: 5, nanoseconds: 0 }, -1, { seconds: 4, nanoseconds: 999_999_999 }],
  [{ seconds: 5, nanoseconds: 7 }, -5e9, { seconds: 0, nanoseconds: 7 }],
  [{ seconds: 5, nanoseconds: 7 }, 3_600e9 + 3, { seconds: 3605, nanoseconds: 10 }],
])('%o and %d ns is %o', (stamp, by, told) => {
  expect(later(stamp, by)).toEqual(told);
});

describe('the time of an event', () => {
  const clock = { ahead: () => 5000.25 * MS, uncertainty: () => 0 };
  const at = (time: string, own: typeof clock | undefined = clock) =>
    onOurClock({ time, event: 'accept' }, own).time;

  test('is put on our clock to the microsecond', () => {
    expect(at('2026-11-20T12:00:05.000100Z')).toBe('2026-11-20T11:59:59.999850Z');
    expect(at('2026-11-20T12:00:05Z')).toBe('2026-11-20T11:59:59.999750Z');
  });

  test('stays as it is where no clock is another one, and where it is no time', () => {
    expect([
      onOurClock({ time: '2026-11-20T12:00:05.000100Z', event: 'end' }, undefined).time,
      at(''),
      at('noon'),
    ]).toEqual(['2026-11-20T12:00:05.000100Z', '', 'noon']);
  });
});
