/** The HTML page of a run as text: its policy, its frames, its size, and no text that becomes markup. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../lab/reports/html/report.ts';
import { download } from './ladders.ts';
import { every, heldStep, runOf } from './runs.ts';
import { anyRun } from './strings.ts';
import { capturedOf, tracedRun } from './traced.ts';

const report = htmlReport([tracedRun()]);

function framesOf(page: string): Record<string, { bytes: string; layers: unknown[]; captured: number }> {
  const packed = /<script type="text\/plain" id="frames">([A-Za-z0-9+/=]*)<\/script>/.exec(page)![1]!;
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
}

describe('the page of a run', () => {
  test('its policy allows its own style and script by their hashes, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(report)![1]!.replaceAll('&#39;', "'");
    expect(policy.startsWith("default-src 'none'; ")).toBe(true);
    for (const [name, text] of [...report.matchAll(/<(style|script)>(.*?)<\/\1>/gs)].map(([, a, b]) => [
      a,
      b,
    ])) {
      const hash = createHash('sha256').update(text!).digest('base64');
      expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
    }
    expect(report).not.toMatch(/ style="| on[a-z]+="| src="|javascript:/);
  });

  test('has each frame once, with its bytes and layers', () => {
    const run = tracedRun();
    const frames = framesOf(report);
    const first = run.captured!.frames.find(({ card }) => card === 0)!;
    expect(frames['1.1']!.bytes).toBe(Buffer.from(first.bytes).toString('base64'));
    expect(frames['1.3']!.layers).toHaveLength(3);
    const shown = [...report.matchAll(/data-frame="([^"]*)"/g)].map(([, key]) => key);
    expect(new Set(shown).size).toBe(shown.length);
    expect(Object.keys(frames).toSorted()).toEqual(shown.toSorted());
  });

  test('a step has the frames from its beginning to that of the next', () => {
    const keys = (step: number) => {
      const part = report.slice(
        report.indexOf(`id="r1-s${step}"`),
        report.indexOf('</details>', report.indexOf(`id="r1-s${step}"`)),
      );
      return [...part.matchAll(/data-frame="1\.(\d+)"/g)].map(([, number]) => Number(number));
    };
    expect(keys(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(keys(2)).toEqual([13, 14, 15]);
  });

  test('stays under a megabyte where two files of many megabytes were fetched, and says what it left out', () => {
    const { frames } = download(12_000);
    const step = { ...heldStep, started: new Date(frames[0]!.sightings[0]!.seconds * 1000).toISOString() };
    const page = htmlReport([{ ...runOf([step]), captured: capturedOf(frames) }]);
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).toContain('more like these');
  });

  test('says where frames are missing', () => {
    const run = tracedRun();
    const captured = {
      ...run.captured!,
      losses: [{ host: 'alice', card: 'eth0', what: '3 of 10 frames are missing', time: 0 }],
    };
    expect(htmlReport([{ ...run, captured }])).toContain('Not every frame is here: alice eth0: 3 of 10');
  });

  test('is made of every kind of run, whatever texts are in it, and no text is markup', () => {
    for (const run of Object.values(every)) expect(htmlReport([run])).toContain('<h1>');
    fc.assert(
      fc.property(anyRun, (run) => {
        const page = htmlReport([run]);
        const own =
          /^<(\/?(html|head|body|meta|title|style|script|main|article|header|section|h1|h2|p|span|dl|dt|dd|div|nav|a|ul|li|ol|details|summary|svg|g|rect|line|text|path|circle|table|thead|tbody|tr|th|td|code|footer)\b|!doctype html>)/;
        const tags = page.replaceAll(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '').match(/<[^ ]?/g) ?? [];
        const wrong = [
          ...page.replaceAll(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '').matchAll(/<.{0,20}/gs),
        ].filter(([text]) => !own.test(text));
        expect(tags.length).toBeGreaterThan(10);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
