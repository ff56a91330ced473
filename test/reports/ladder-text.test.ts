/** A ladder on a terminal: its width, its characters, and hostile texts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ladderText } from '../../lab/reports/ladder-text.ts';
import { visible } from '../../lab/reports/printable.ts';
import { crowd } from './crowd.ts';
import { expectGolden } from './golden.ts';
import { cutOff, download, ladderOf, mixture, sample } from './ladders.ts';
import { anyText } from './strings.ts';

const ladders = [sample(), cutOff(), ladderOf(mixture()), ladderOf(download(30))];
const plain = { colour: false, width: 100 };

describe('a ladder on a terminal', () => {
  test('is written as it was read and found right', () => {
    expectGolden('ladders.txt', ladders.map((ladder) => ladderText(ladder, plain)).join('\n'));
  });

  test('keeps to ASCII where a terminal knows no more, and drives none', () => {
    for (const ladder of ladders) {
      const text = ladderText(ladder, { ...plain, ascii: true });
      expect(text).toMatch(/^[ -~\n]+$/);
    }
  });

  test('fits the terminal', () => {
    for (const width of [80, 100, 120]) {
      const lines = ladderText(sample(), { ...plain, width }).split('\n');
      expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
    }
  });

  test('of eleven hosts has every name above its lane, and says beside an arrow what it is', async () => {
    const lines = ladderText(await crowd(11), { ...plain, width: 120 }).split('\n');
    const first = lines.findIndex((line) => line.includes('▶'));
    const lanes = [...lines[first + 2]!.matchAll(/[│▶◀]/g)].map(({ index }) => index);
    const heading = lines.slice(0, first);
    for (let host = 100; host <= 110; host += 1) {
      const name = `192.168.100.${host}`;
      const start = heading.map((line) => line.indexOf(name)).find((at) => at >= 0);
      expect(start, name).toBeDefined();
      expect(
        lanes.some((lane) => Math.abs(lane - start! - name.length / 2) <= 1),
        name,
      ).toBe(true);
    }
    expect(lines[first]).toMatch(/handshake; SYN to 8080$/);
    expect(lines.filter((line) => line.endsWith('"GET / HTTP/1.1"'))).toHaveLength(10);
    // A state that has no room under its lane is beside it too.
    expect(lines.join('\n').match(/SYN-RECEIVED/g)).toHaveLength(10);
  });

  test('has a line a row whatever texts are in it, and none of them drives a terminal', () => {
    fc.assert(
      fc.property(anyText, anyText, (label, line) => {
        const ladder = sample();
        const rows = ladder.rows.map((row) =>
          row.kind === 'arrow' ? { ...row, label, notes: [line] } : row,
        );
        const text = ladderText({ ...ladder, rows }, plain);
        expect(visible(text)).toBe(text);
        expect(text.split('\n')).toHaveLength(ladderText(ladder, plain).split('\n').length);
      }),
    );
  });
});
