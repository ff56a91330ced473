/** The log of a host’s events: what is kept, what is missing, and what is said of that. */
import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../lab/agent/protocol.ts';
import { EventLog } from '../lab/live/events.ts';

const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
const event = (second: number, more: Partial<HostEvent> = {}): HostEvent => ({
  time: at(second),
  event: 'receive',
  ...more,
});

/** Twenty places, and so many events a second apart. */
function filled(count: number): EventLog {
  const log = new EventLog(20);
  for (let second = 1; second <= count; second++) log.append(event(second));
  return log;
}

describe('a log of events', () => {
  test('misses nothing as long as it has room', () => {
    expect(filled(20).missing(0)).toBe(0);
  });

  test('that was full says how many are missing, and since when', () => {
    const log = filled(21);
    expect(log.all()[0]).toEqual({ time: at(2), event: 'dropped', count: 2 });
    expect(log.all()).toHaveLength(20);
    expect(log.missing(0)).toBe(2);
    expect(log.missing(Date.parse(at(2)))).toBe(2);
    expect(log.missing(Date.parse(at(3)))).toBe(0);
  });

  test('counts those that somebody else dropped, also when their own mark has gone', () => {
    const log = new EventLog(20);
    log.append(event(1, { event: 'dropped', count: 100 }));
    expect(log.missing(0)).toBe(100);
    for (let second = 2; second <= 21; second++) log.append(event(second));
    expect(log.missing(0)).toBe(102);
  });

  test('takes an event without a time for a late one', () => {
    const log = new EventLog(20);
    log.append({ time: '', event: 'dropped', count: 1 });
    expect(log.missing(Date.now())).toBe(1);
  });

  test('is read on from a place, also when what was before it has gone', async () => {
    const log = filled(19);
    const first = await log.next(({ time }) => time === at(19), 0, 0);
    expect(first).toEqual({ event: event(19), place: 19 });
    log.append(event(20));
    log.append(event(21));
    expect(await log.next(() => true, first!.place, 0)).toEqual({ event: event(20), place: 20 });
    const coming = log.next(() => true, 21, 60_000);
    log.append(event(22));
    expect(await coming).toEqual({ event: event(22), place: 22 });
  });

  test('tells who reads it slowly how many it has missed', async () => {
    const log = filled(20);
    const reader = log[Symbol.asyncIterator]();
    await reader.next();
    for (let second = 21; second <= 30; second++) log.append(event(second));
    log.end();
    const rest: HostEvent[] = [];
    for (let next = await reader.next(); !next.done; next = await reader.next()) rest.push(next.value);
    expect(rest[0]).toMatchObject({ event: 'dropped', count: 9 });
    expect(rest.slice(1).map(({ time }) => time)).toEqual(
      Array.from({ length: 20 }, (_, index) => at(index + 11)),
    );
  });
});
