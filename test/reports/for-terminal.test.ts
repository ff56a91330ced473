/** What is printed is shown, and is never a command to a terminal or a runner. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forTerminal, isRunner, jsonText } from '../../lab/reports/for-terminal.ts';
import { githubAnnotations } from '../../lab/reports/github.ts';
import { jsonReport } from '../../lab/reports/json.ts';
import { painter } from '../../lab/reports/paint.ts';
import { summaryText } from '../../lab/reports/summary.ts';
import { headingText, stepText } from '../../lab/reports/text.ts';
import { visible } from '../../lab/visible.ts';
import { harm } from './harm.ts';
import { anyRun, anyText } from './strings.ts';

const runner = { colour: false, runner: true };

describe('what is printed', () => {
  test('is never a command to a terminal or a runner, whatever is in it, and however it is wrapped', () => {
    fc.assert(
      fc.property(anyRun, fc.integer({ min: 40, max: 120 }), (run, width) => {
        const look = { colour: false, width };
        const texts = [
          headingText(run.scenario, { report: run.engine, why: run.engine.why }, look),
          ...run.steps.map((step) => stepText(step, look)),
          summaryText(run, look),
        ];
        for (const text of texts) expect(harm(forTerminal(text, runner))).toEqual([]);
        // Its own commands are one line each, and the rest of such a line is none.
        const own = githubAnnotations([run]).split('\n').slice(0, -1);
        for (const line of own) expect(line).toMatch(/^::(error|warning) file=[^\n\r]*$/);
        expect(
          harm(own.map((line) => line.slice(2)).join('\n')).filter((found) => !found.startsWith('##')),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is any text made harmless, with colours and without', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, colour) => {
        const shown = forTerminal(text, { colour, runner: true });
        expect(harm(shown, colour)).toEqual([]);
        expect(harm(forTerminal(text, runner))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('is what it was where it has nothing of that', () => {
    const text = 'ünï ☃ 你好 😀\n\t  a :: b # ## c [x]  ::1\n';
    expect(forTerminal(text, runner)).toBe(text);
    expect(forTerminal('::1 answers\n', { colour: false, runner: false })).toBe('::1 answers\n');
  });

  test('shows what it does not do', () => {
    expect(forTerminal('\x1b[2J\x9b \u202e\u061c\u200b\u{e0041}\n', runner)).toBe(
      '\\x1b[2J\\x9b \\u202e\\u061c\\u200b\\u{e0041}\n',
    );
    expect(forTerminal('  ::error::x\n##[error]y ##vso[z]\n', runner)).toBe(
      '  \\x3a:error::x\n#\\x23[error]y #\\x23vso[z]\n',
    );
  });

  test('keeps colours of ours alone', () => {
    const paint = painter({ colour: true });
    const painted = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan', 'reset'].map((style) =>
      paint(style as Parameters<typeof paint>[0], style),
    );
    painted.push(paint(['red', 'bold'], 'both'));
    for (const text of painted) expect(forTerminal(text, { colour: true, runner: false })).toBe(text);
    expect(forTerminal('\x1b[8mhidden\x1b[5m', { colour: true, runner: false })).toBe(
      '\\x1b[8mhidden\\x1b[5m',
    );
    const line = `${paint('red', '::error::x')}\n`;
    expect(stripVTControlCharacters(forTerminal(line, { colour: true, runner: true }))).toBe(
      '\\x3a:error::x\n',
    );
  });

  test('is for a runner where one says that it is there', () => {
    for (const name of ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'])
      expect(isRunner({ [name]: 'true' })).toBe(true);
    expect(isRunner({ GITHUB_ACTIONS: '' })).toBe(false);
  });
});

describe('JSON', () => {
  test('drives nothing, and brings every text back as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = jsonText({ [text]: [text] }, 2);
        expect(JSON.parse(written)).toEqual({ [text]: [text] });
        expect(harm(written)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(anyRun, (run) => void expect(harm(jsonReport([run]))).toEqual([])));
  });
});

test('every character that a terminal does not draw is written out', () => {
  const hidden = [
    '\x00',
    '\x07',
    '\x1b',
    '\r',
    '\x7f',
    '\x80',
    '\x9b',
    '\xad',
    '\u061c',
    '\u180e',
    '\u200b',
    '\u200d',
  ];
  hidden.push(
    '\u200e',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u2060',
    '\u2066',
    '\u3164',
    '\ufe0f',
    '\ufeff',
    '\ufff9',
  );
  hidden.push('\u{1d173}', '\u{e0001}', '\u{e0041}', '\u{e0100}', '\ud800', '\uffff');
  for (const one of hidden) expect(visible(one)).toMatch(/^\\(x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{5}\})$/);
});
