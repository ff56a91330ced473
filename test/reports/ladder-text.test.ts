import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ladderText } from '../../lab/reports/ladder-text.ts';
import { visible } from '../../lab/reports/printable.ts';
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
