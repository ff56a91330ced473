/** Events for a reader that does not read, or that has gone. */
import { expect, test } from 'vitest';
import { boundedReport } from '../../lab/agent/event-queue.ts';
import type { HostEvent } from '../../lab/agent/protocol.ts';

const event = (number: number): HostEvent => ({ time: '', event: 'receive', number });

/** A stream whose room is given out by the test, an event a time. */
function slow() {
  const sent: HostEvent[] = [];
  const waiting: (() => void)[] = [];
  const send = (one: HostEvent) => {
    sent.push(one);
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  const room = async () => {
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise(setImmediate);
  };
  return { sent, send, room };
}

test('events that nobody reads are dropped beyond the limit, counted, and told where they are missing', async () => {
  const { sent, send, room } = slow();
  const report = boundedReport(send, 3);
  for (let number = 1; number <= 10; number += 1) report(event(number));
  expect(sent.map(({ number }) => number)).toEqual([1, 2, 3]);
  await room();
  report(event(11));
  expect(sent.slice(3)).toMatchObject([{ event: 'dropped', count: 7 }, { number: 11 }]);
});

test('a stream that has ended drops events without an error', async () => {
  const report = boundedReport(() => Promise.reject(new Error('gone')), 1);
  for (let number = 1; number <= 10; number += 1) report(event(number));
  await new Promise(setImmediate);
});
