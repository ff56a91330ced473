/** The journal of a lab: order, bounds, and readers that wait for more. */
import { describe, expect, test } from 'vitest';
import { Journal } from '../lab/live/journal.ts';

const line = (text: string) => ({ stream: 'stdout' as const, lines: text });

function filled(count: number, most?: number): Journal {
  const journal = new Journal(most);
  for (let n = 1; n <= count; n++) journal.note(n % 2 ? 'odd' : 'even', line(`line ${n}`));
  return journal;
}

describe('a journal', () => {
  test('gives what came, in order, and where to go on', async () => {
    const journal = filled(3);
    const { entries, next, missed } = await journal.read(0, [], 0);
    expect(entries.map(({ serial, host }) => [serial, host])).toEqual([
      [1, 'odd'],
      [2, 'even'],
      [3, 'odd'],
    ]);
    expect([next, missed]).toEqual([3, 0]);
    expect(await journal.read(3, [], 0)).toEqual({ entries: [], next: 3, missed: 0 });
  });

  test('of some hosts goes on past the others', async () => {
    const { entries, next } = await filled(4).read(1, ['odd'], 0);
    expect(entries.map(({ serial }) => serial)).toEqual([3]);
    expect(next).toBe(4);
  });

  test('wakes who waits for more', async () => {
    const journal = filled(1);
    const waiting = journal.read(1, [], 60_000);
    journal.note('even', line('more'));
    expect((await waiting).entries).toMatchObject([{ serial: 2, line: 'more' }]);
  });

  test('keeps the time that an event says, and gives a line its own', async () => {
    const journal = new Journal();
    journal.note('echo', { event: { time: '2026-01-01T00:00:00.000001Z', event: 'ready' } });
    journal.note('echo', line('hello'));
    const [event, said] = (await journal.read(0, [], 0)).entries;
    expect(event?.time).toBe('2026-01-01T00:00:00.000001Z');
    expect(Math.abs(Date.parse(said!.time) - Date.now())).toBeLessThan(60_000);
  });

  test('is bounded: the oldest go, and a reader is told how many it missed', async () => {
    const journal = filled(1_000, 100);
    const { entries, missed } = await journal.read(0, [], 0);
    expect(entries.length).toBeLessThanOrEqual(100);
    expect(entries.length).toBeGreaterThanOrEqual(90);
    expect(entries.at(-1)).toMatchObject({ line: 'line 1000' });
    expect(missed).toBe(1_000 - entries.length);
  });

  test('is bounded by its text too', async () => {
    const journal = new Journal();
    const long = 'x'.repeat(60_000);
    for (let n = 0; n < 1_000; n++) journal.note('echo', line(long));
    let held = 0;
    for (let after = 0; ; ) {
      const { entries, next } = await journal.read(after, [], 0);
      if (next === after) break;
      held += entries.length;
      after = next;
    }
    expect(held * long.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(held).toBeGreaterThan(200);
  });

  test('reads lines that came at once one by one, and in as many extracts as they take', async () => {
    const journal = new Journal();
    journal.note('odd', line('first'));
    journal.note('odd', line(Array.from({ length: 1_200 }, (_, n) => `line ${n}`).join('\n')));
    journal.note('even', line('between\n'));
    journal.note('odd', { event: { time: '', event: 'ready' } });
    const all = [];
    let after = 0;
    for (let extracts = 0; extracts < 4; extracts++) {
      const { entries, next, missed } = await journal.read(after, [], 0);
      expect(missed).toBe(0);
      expect(entries.length).toBeLessThanOrEqual(500);
      all.push(...entries);
      after = next;
    }
    expect(all.map(({ serial }) => serial)).toEqual(Array.from({ length: 1_204 }, (_, n) => n + 1));
    expect(all[1_200]).toMatchObject({ host: 'odd', line: 'line 1199' });
    expect(all.slice(-3)).toMatchObject([{ line: 'between' }, { line: '' }, { event: { event: 'ready' } }]);
    const { entries, next } = await journal.read(700, ['even'], 0);
    expect([entries.map(({ serial }) => serial), next]).toEqual([[1_202, 1_203], 1_204]);
  });

  test('keeps what came last, also where that alone is more than it keeps', async () => {
    const journal = filled(50, 100);
    journal.note('odd', line('y\n'.repeat(999)));
    const { entries, missed } = await journal.read(0, [], 0);
    expect([missed, entries[0]?.serial, entries.length]).toEqual([50, 51, 500]);
  });
});
