/** What an impairment does to rows of frames, by arithmetic alone: no clock, no network. */
import { describe, expect, test } from 'vitest';
import type { Impairment } from '../../../lab/agent/cable/impairment.ts';
import { type Decision, Judge } from '../../../lab/agent/cable/judge.ts';

const FRAMES = 20_000;

function judged(
  impairment: Impairment,
  { frames = FRAMES, every = 1, length = 100, seed = 42 } = {},
): Decision[] {
  const judge = new Judge({ id: 'it', direction: 'out', impairment, seed });
  return Array.from({ length: frames }, (_, index) => judge.judge(length, index * every));
}

const lost = (all: readonly Decision[]) => all.filter(({ dropped }) => dropped !== undefined).length;

/** A sound link is outside of this once in more than a million runs (5 standard deviations); a seed makes it one run. */
function near(count: number, share: number, frames = FRAMES): void {
  const deviation = Math.sqrt(frames * share * (1 - share));
  expect(Math.abs(count - frames * share)).toBeLessThan(5 * deviation);
}

describe('loss', () => {
  test.each([0.01, 0.1, 0.5])('of %d comes to that share', (rate) => {
    near(lost(judged({ loss: { rate } })), rate);
  });

  test('of none and of all', () => {
    expect(lost(judged({ loss: { rate: 0 } }))).toBe(0);
    expect(lost(judged({ loss: { rate: 1 } }))).toBe(FRAMES);
  });

  test('in runs has the mean length that was asked for, and the share', () => {
    const all = judged({ loss: { rate: 0.02, burst: 5 } }, { frames: 500_000 });
    const runs = all.filter(({ dropped }, index) => dropped && !all[index - 1]?.dropped).length;
    expect(lost(all) / runs).toBeGreaterThan(4.5);
    expect(lost(all) / runs).toBeLessThan(5.5);
    expect(lost(all) / all.length).toBeGreaterThan(0.018);
    expect(lost(all) / all.length).toBeLessThan(0.022);
  });

  test('is the same for the same seed, and another for another, and for the other direction', () => {
    const pattern = (seed: number) =>
      judged({ loss: { rate: 0.3 } }, { seed, frames: 200 }).map(({ dropped }) => dropped);
    expect(pattern(1)).toEqual(pattern(1));
    expect(pattern(1)).not.toEqual(pattern(2));
    const back = new Judge({ id: 'it', direction: 'in', impairment: { loss: { rate: 0.3 } }, seed: 1 });
    expect(Array.from({ length: 200 }, (_, at) => back.judge(100, at).dropped)).not.toEqual(pattern(1));
  });

  test('does not move what is drawn for something else', () => {
    const twice = (loss: number) => judged({ duplicate: 0.2, loss: { rate: loss } }, { frames: 500 });
    const [none, some] = [twice(0), twice(0.5)];
    for (const [index, one] of some.entries())
      if (!one.dropped) expect(one.doubled).toBe(none[index]!.doubled);
  });
});

test('duplicate, corrupt and reorder come to their shares', () => {
  const all = judged({ duplicate: 0.1, corrupt: 0.05, reorder: 0.2 });
  near(all.filter(({ doubled }) => doubled).length, 0.1);
  near(all.filter(({ corrupted }) => corrupted).length, 0.05);
  near(all.filter(({ overtaken }) => overtaken).length, 0.2);
});

test('exactly the frames that are named are dropped', () => {
  const all = judged({ nth: [1, 3, 4] }, { frames: 6 });
  expect(all.map(({ dropped }) => dropped)).toEqual(['nth', undefined, 'nth', 'nth', undefined, undefined]);
});

describe('delay', () => {
  test('is what was asked for', () => {
    for (const [index, { leaves }] of judged({ delay: 20 }, { frames: 100 }).entries())
      expect(leaves).toBe(index + 20);
  });

  test('with jitter lies about it, in order, and never before the frame has come', () => {
    for (const spread of ['uniform', 'normal'] as const) {
      const all = judged({ delay: 20, jitter: { by: 5, spread } }, { every: 100 });
      const delays = all.map(({ leaves }, index) => leaves - index * 100);
      const mean = delays.reduce((sum, one) => sum + one, 0) / delays.length;
      expect(mean).toBeGreaterThan(19.8);
      expect(mean).toBeLessThan(20.2);
      const deviation = Math.sqrt(delays.reduce((sum, one) => sum + (one - mean) ** 2, 0) / delays.length);
      const asked = spread === 'normal' ? 5 : 5 / Math.sqrt(3);
      expect(deviation / asked).toBeGreaterThan(0.95);
      expect(deviation / asked).toBeLessThan(1.05);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    }
    const close = judged({ delay: 2, jitter: { by: 5, spread: 'normal' } }).map(({ leaves }) => leaves);
    expect(close).toEqual(close.toSorted((one, other) => one - other));
  });
});

describe('rate', () => {
  test('sends one frame after the other', () => {
    // 1,237.5 bytes are 9,900 bits: 10 ms at 0.99 Mbit/s.
    const all = judged(
      { rate: { bits: 1e6, queue: { frames: 3 } } },
      { frames: 6, every: 0, length: 1237.5 },
    );
    expect(all.map(({ dropped, leaves }) => dropped ?? leaves)).toEqual([10, 20, 30, 40, 'queue', 'queue']);
  });

  test('has a queue of bytes, or of time', () => {
    const of = (queue: { bytes: number } | { milliseconds: number }, frames: number) =>
      lost(judged({ rate: { bits: 1e6, queue } }, { frames, every: 0, length: 1237.5 }));
    expect(of({ bytes: 2500 }, 10)).toBe(7);
    // 10 ms a frame: whoever would wait longer than 200 ms is lost.
    expect(of({ milliseconds: 200 }, 30)).toBe(9);
  });

  test('does not hold back what is slower', () => {
    for (const [index, { leaves }] of judged(
      { rate: { bits: 1e6, queue: { frames: 1 } } },
      { frames: 50, every: 20, length: 1237.5 },
    ).entries())
      expect(leaves).toBe(index * 20 + 10);
  });
});

test('a packet that is larger than the link is lost', () => {
  const judge = new Judge({ id: 'it', direction: 'out', impairment: { mtu: 1400 }, seed: 1 });
  expect(judge.judge(1414, 0).dropped).toBeUndefined();
  expect(judge.judge(1415, 0).dropped).toBe('mtu');
});
