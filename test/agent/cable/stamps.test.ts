/** The kernel's time stamps on the cable's clock. */
import { expect, test } from 'vitest';
import { Stamps } from '../../../lab/agent/cable/stamps.ts';

/** A steady clock that goes on by `steps` at each reading, and a wall clock that is ahead of it by `ahead`. */
function clocks(steps: number[], ahead: () => number) {
  let now = 0;
  let reading = 0;
  const steady = () => {
    now += steps[reading++ % steps.length]!;
    return now;
  };
  return { stamps: new Stamps(() => now + ahead(), steady), now: () => now };
}

test('a thread that loses its turn between two readings gets the difference all the same', () => {
  const { stamps, now } = clocks([0.001, 0.001, 7, 0.001, 0.001, 0.001, 3], () => 1e12);
  const stamped = (now() + 1e12) / 1000;
  const at = stamps.onCable(stamped);
  expect(at).toBeGreaterThanOrEqual(0);
  expect(at).toBeLessThan(0.1);
});

test('a wall clock that is set is read again after a second', () => {
  let ahead = 1e12;
  const { stamps, now } = clocks([300], () => ahead);
  stamps.onCable(1e9);
  ahead += 60_000;
  // Some readings later a second is over.
  for (let time = 0; time < 5; time++) stamps.onCable(1e9);
  const stamped = (now() + ahead) / 1000;
  expect(Math.abs(stamps.onCable(stamped) - now())).toBeLessThan(5_000);
});

test('a stamp of now is now, on the real clocks', () => {
  const before = performance.now();
  const at = new Stamps().onCable(Date.now() / 1000);
  // Date.now has whole milliseconds.
  expect(at).toBeGreaterThan(before - 1.1);
  expect(at).toBeLessThanOrEqual(performance.now() + 0.1);
});

test('a frame came when its stamp says, however long ago the clocks were read', () => {
  const { stamps, now } = clocks([...Array(12).fill(0.001), 35, 35], () => 1e12);
  stamps.came((now() + 1e12) / 1000);
  const before = now();
  const stamped = (before + 20 + 1e12) / 1000; // The thread loses its turn for 35 ms, and the frame comes meanwhile.
  expect(stamps.came(stamped)).toBeCloseTo(before + 20, 2);
});

test.each([
  ['in the future', 50],
  ['more than five seconds ago', -6_000],
])('a frame whose stamp is %s came now: somebody set the clock', (_, off) => {
  const { stamps, now } = clocks([0.001], () => 1e12);
  const at = stamps.came((now() + off + 1e12) / 1000);
  expect(at).toBeCloseTo(now(), 3);
});
