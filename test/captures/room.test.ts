/** How much of the kernel's memory captures take. */
import { expect, test } from 'vitest';
import { LEAST_ROOM, roomOf } from '../../lab/captures/room.ts';

const MEBI = 1024 * 1024;

test('a few captures have enough for a quarter of a second of 75,000 frames', () => {
  expect(roomOf(1)).toBe(32 * MEBI);
  expect(roomOf(32)).toBe(32 * MEBI);
});

test('many share a gibibyte, in whole KiB, as long as each has the least', () => {
  for (const captures of [33, 100, 500]) {
    expect(roomOf(captures) * captures).toBeLessThanOrEqual(1024 * MEBI);
    expect(roomOf(captures) % 1024).toBe(0);
  }
  expect(roomOf(2000)).toBe(LEAST_ROOM);
});
