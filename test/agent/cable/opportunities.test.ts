/** A rate by a trace: which opportunity each frame takes, by arithmetic alone. */
import { describe, expect, test } from 'vitest';
import { Judge } from '../../../lab/agent/cable/judge.ts';
import { Opportunities } from '../../../lab/agent/cable/opportunities.ts';

/** With its Ethernet header: it takes one opportunity. */
const FULL = 1514;

/** When frames leave that come at these times. */
function leaving(at: number[], frames: readonly [came: number, length: number][]): number[] {
  const trace = new Opportunities({ file: 'x', at });
  return frames.map(([came, length]) => trace.take(length, came));
}

const together = (count: number, length = FULL, came = 0) =>
  Array.from({ length: count }, (): [number, number] => [came, length]);

describe('an opportunity', () => {
  test('carries one full frame, and its time may stand on several lines', () => {
    expect(leaving([10, 10, 30], together(4))).toEqual([10, 10, 30, 40]);
  });

  test('comes again when the trace is over, as long after as its last line says', () => {
    expect(leaving([0, 5, 20], together(7))).toEqual([0, 5, 20, 20, 25, 40, 40]);
  });

  test('is gone where nobody waits for it', () => {
    expect(
      leaving(
        [10, 20, 30],
        [
          [0, FULL],
          [21, FULL],
          [1000, FULL],
          [1001, FULL],
        ],
      ),
    ).toEqual([10, 30, 1000, 1010]);
  });

  test('leaves what is left of it to those that wait, and not to those that come later', () => {
    // 1,504 bytes are two frames of 762 (752 without their headers).
    expect(leaving([10, 20], together(4, 762))).toEqual([10, 10, 20, 20]);
    expect(
      leaving(
        [10, 20],
        [
          [0, 762],
          [11, 762],
        ],
      ),
    ).toEqual([10, 20]);
  });

  test('is there for a frame that comes at its very time, in the last line of a round too', () => {
    const frames: [number, number][] = [
      [0, FULL],
      [50, FULL],
      [90, FULL],
    ];
    expect(leaving([10, 20, 30], frames)).toEqual([10, 50, 90]);
  });

  test('is found where more of them have gone by than 32 bits can count', () => {
    const gone = 2 ** 33;
    expect(
      leaving(
        [1, 2],
        [
          [0, FULL],
          [gone + 0.5, FULL],
          [gone + 0.5, FULL],
        ],
      ),
    ).toEqual([1, gone + 1, gone + 2]);
  });

  test('is one of several that a frame takes which is larger', () => {
    expect(leaving([10, 20, 30], together(2, 10 + 2 * 1504))).toEqual([20, 40]);
  });

  test('is never before its frame, and no frame before its opportunity, in whatever row', () => {
    const at = [1, 1, 4, 9, 9, 9, 30];
    const trace = new Opportunities({ file: 'x', at });
    const times = new Set<number>();
    for (let round = 0; round < 400; round++) for (const time of at) times.add(round * 30 + time);
    let came = 0;
    let last = 0;
    let seed = 1;
    const used = new Map<number, number>();
    for (let frame = 0; frame < 2000; frame++) {
      seed = (seed * 48_271) % 2_147_483_647;
      came += frame === 0 ? 0 : (seed % 90) / 10;
      const length = 60 + (seed % 1455);
      const begins = trace.begins(came);
      const sent = trace.take(length, came);
      expect(begins).toBeGreaterThanOrEqual(came);
      expect(sent).toBeGreaterThanOrEqual(Math.max(begins, last));
      expect(times.has(sent)).toBe(true);
      used.set(sent, (used.get(sent) ?? 0) + length - 10);
      last = sent;
    }
    // No time lets more through than its lines: a frame's first bytes may have gone at an earlier one.
    const lines = (time: number) => at.filter((one) => one === (time % 30 || 30)).length;
    for (const [time, bytes] of used) expect(bytes).toBeLessThanOrEqual((lines(time) + 1) * 1504);
  });
});

describe('the queue before a trace', () => {
  const judge = (queue: { frames: number } | { milliseconds: number }) =>
    new Judge({
      id: 'it',
      direction: 'out',
      seed: 1,
      impairment: { rate: { bits: 1e6, queue, trace: { file: 'x', at: [10, 20] } } },
    });

  test('holds so many, and the one that is sent does not wait', () => {
    const narrow = judge({ frames: 2 });
    const all = Array.from({ length: 5 }, () => narrow.judge(FULL, 0));
    expect(all.map(({ dropped, leaves }) => dropped ?? leaves)).toEqual([10, 20, 30, 'queue', 'queue']);
  });

  test('holds them for so long, and ten in any case', () => {
    const short = judge({ milliseconds: 25 });
    const all = Array.from({ length: 14 }, () => short.judge(FULL, 0));
    expect(all.filter(({ dropped }) => !dropped)).toHaveLength(11);
  });

  test('does not use an opportunity up for a frame that is lost', () => {
    const narrow = judge({ frames: 1 });
    for (let frame = 0; frame < 9; frame++) narrow.judge(FULL, 0);
    expect(narrow.judge(FULL, 25).leaves).toBe(30);
  });
});
