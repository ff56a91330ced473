/** One direction of a cable with the time given: what leaves, when, and in what order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Impairment, OVERTAKEN_WITHIN } from '../../../lab/agent/cable/impairment.ts';
import { Lane } from '../../../lab/agent/cable/lane.ts';
import { Slots } from '../../../lab/agent/cable/packet-socket.ts';

const FRAMES = 400;
const BYTES = 60;

/** A frame each millisecond; when each one left, by its number, and which of them were drawn to be overtaken. */
function carried(impairment: Impairment, frames = FRAMES) {
  const slots = new Slots(frames, BYTES);
  const drawn: number[] = [];
  const lane = new Lane('out', ({ did, number }) => did === 'overtaken' && drawn.push(number - 1));
  lane.stand([{ id: 'it', direction: 'out', impairment, seed: 5 }]);
  const left: { number: number; at: number }[] = [];
  const leave = (at: number) => {
    for (const { slot } of lane.leave(at)) left.push({ number: numbers.get(slot)!, at });
  };
  const numbers = new Map<number, number>();
  for (let at = 0; at < frames + 1000; at++) {
    if (at < frames) {
      const slot = slots.take();
      numbers.set(slot, at);
      lane.come({ slots, slot, length: BYTES, time: at / 1000 }, at);
    }
    leave(at);
  }
  const late = lane.tallies()[0]!.late;
  slots.end();
  return { left, drawn, late };
}

test('frames that are overtaken go behind the next one that is not, and no frame goes before its time', () => {
  const { left, drawn, late } = carried({ delay: 50, reorder: 0.3 });
  const order = left.map(({ number }) => number);
  const behind = (number: number) => {
    let next = number + 1;
    while (drawn.includes(next)) next++;
    return next;
  };
  expect(order).toHaveLength(FRAMES);
  expect(drawn.length).toBeGreaterThan(FRAMES * 0.2);
  for (const { number, at } of left) {
    if (!drawn.includes(number)) expect(at).toBe(number + 50);
    else if (behind(number) < FRAMES) expect(at).toBe(behind(number) + 50);
  }
  const overtaken = order.filter((number, index) => order.slice(0, index).some((one) => one > number));
  expect(overtaken).toEqual(drawn.filter((number) => behind(number) < FRAMES));
  expect(late).toBe(0);
});

test('a frame that nothing overtakes goes all the same', () => {
  const { left } = carried({ delay: 20, reorder: 1 }, 3);
  expect(left).toEqual([0, 1, 2].map((number) => ({ number, at: number + 20 + OVERTAKEN_WITHIN })));
});

test('no 100 ms let more through than the rate, though the cable stalls', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(60), fc.double({ min: 0.1, max: 25, noNaN: true })), { maxLength: 40 }),
      (stalls) => {
        const frames = 400;
        const slots = new Slots(frames, 1500);
        const lane = new Lane('out', () => {});
        const rate = { bits: 10e6, queue: { frames } };
        lane.stand([{ id: 'it', direction: 'out', impairment: { rate, delay: 3 }, seed: 1 }]);
        for (let number = 0; number < frames; number++)
          lane.come({ slots, slot: slots.take(), length: 1250, time: 0 }, 0);
        const left: number[] = [];
        const stallsAt = new Map(stalls);
        for (let at = 0; left.length < frames; at = lane.next) {
          at += stallsAt.get(left.length) ?? 0;
          left.push(...lane.leave(at).map(() => at));
        }
        slots.end();
        // 10 Mbit/s are one frame a millisecond.
        for (const [index, at] of left.entries())
          expect(left[index + 100] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(at + 100 - 1e-6);
        const lost = stalls.reduce((sum, [, by]) => sum + by, 0);
        expect(left.at(-1)).toBeLessThanOrEqual(400 / 0.99 + 3 + lost + 1);
      },
    ),
  );
});
