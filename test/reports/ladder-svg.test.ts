/** A ladder as SVG: it is XML, needs no other file, and has enough contrast. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DARK, LIGHT } from '../../lab/reports/ladder-style.ts';
import { ladderSvg } from '../../lab/reports/ladder-svg.ts';
import { describeNeeding } from '../needs.ts';
import { cutOff, download, ladderOf, mixture, sample } from './ladders.ts';
import { anyText } from './strings.ts';
import { lacksXmllint } from './xmllint.ts';

describe('a ladder as SVG', () => {
  test('needs nothing beside it', () => {
    const svg = ladderSvg(sample(), { title: 'one' });
    expect(svg).not.toMatch(/(href|src|url\(|@import|<script)/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  test('every text has a contrast of 4.5 to 1 on what it stands on, light and dark (WCAG 2.2, 1.4.3)', () => {
    const texts = ['ink', 'muted', 'accent', 'tcp', 'udp', 'arp', 'icmp', 'other', 'good', 'bad'] as const;
    const pairs = [
      ...texts.flatMap((text) =>
        (['paper', 'raised', 'sunk'] as const).map((ground) => [text, ground] as const),
      ),
      ['good', 'goodfill'],
      ['ink', 'goodfill'],
      ['bad', 'badfill'],
      ['ink', 'badfill'],
      ['muted', 'badfill'],
      ['warn', 'warnfill'],
      ['ink', 'warnfill'],
      ['muted', 'warnfill'],
      ['paper', 'bad'],
      ['ink', 'mark'],
      ['muted', 'mark'],
    ] as const;
    for (const colours of [LIGHT, DARK]) {
      const poor = pairs.filter(([text, ground]) => contrast(colours[text], colours[ground]) < 4.5);
      expect(
        poor.map(([text, ground]) => `${text} on ${ground}: ${contrast(colours[text], colours[ground])}`),
      ).toEqual([]);
    }
  });
});

/** WCAG 2.2, "contrast ratio" and "relative luminance". */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describeNeeding('xmllint', lacksXmllint, 'a ladder as SVG, by a reader that is not ours', () => {
  const complaints = (svg: string) =>
    spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: svg, encoding: 'utf8' }).stderr;

  test('is XML', () => {
    for (const ladder of [sample(), cutOff(), ladderOf(mixture()), ladderOf(download(30))]) {
      expect(complaints(ladderSvg(ladder, { title: 'a < b & c' }))).toBe('');
    }
  });

  test('is XML whatever texts are in it', () => {
    fc.assert(
      fc.property(anyText, anyText, (label, line) => {
        const ladder = cutOff();
        const rows = ladder.rows.map((row) =>
          row.kind === 'arrow' ? { ...row, label, line, notes: [line] } : { ...row, line, at: label },
        );
        const lanes = ladder.lanes.map((lane) => ({ ...lane, name: label }));
        expect(complaints(ladderSvg({ ...ladder, rows, lanes } as typeof ladder, { title: line }))).toBe('');
      }),
      { numRuns: 40 },
    );
  });
});
