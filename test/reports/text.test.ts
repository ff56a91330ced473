/** The report for a person: against golden files, at several widths, and with hostile texts. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summaryText } from '../../lab/reports/summary.ts';
import { headingText, stepText, topologyText } from '../../lab/reports/text.ts';
import { planOf } from '../lab.ts';
import { expectGolden } from './golden.ts';
import { clean, every, failedStep, heldStep, mixed, runOf } from './runs.ts';
import { anyRun } from './strings.ts';

const plain = { colour: false };

function textOf(run: typeof mixed, options: { colour: boolean; width?: number } = plain): string {
  const { scenario, engine } = run;
  const heading = headingText(scenario, { report: engine, why: engine.why }, options);
  return [heading, ...run.steps.map((step) => stepText(step, options)), summaryText(run, options)].join('\n');
}

describe('the text of a run', () => {
  test.each(Object.entries(every))('%s', (name, run) => {
    expectGolden(`${name}.txt`, textOf(run));
  });

  test('the hosts stand below their networks', () => {
    const plan = planOf(`
lab: two
networks: { office: 10.50.1.0/24, yard: 10.50.2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.50.1.10 } }
  long-name: { command: [sleep, "${'9'.repeat(200)}"], networks: { office: 10.50.1.110, yard: 10.50.2.110 } }
  bob: { networks: { yard: 10.50.2.1 } }
steps: []
`);
    expectGolden('topology.txt', topologyText(plan, plain));
  });

  test('has colours only where they are asked for, and then the same words', () => {
    const painted = textOf(mixed, { colour: true });
    expect(painted).not.toBe(textOf(mixed));
    expect(stripVTControlCharacters(painted)).toBe(textOf(mixed));
    expect(textOf(mixed)).not.toContain('\x1b');
  });

  test('counts one step as one', () => {
    expect(summaryText(clean, plain)).toMatch(/^1 step held: 2 of 2 checks, on netns \(up /);
    expect(summaryText(runOf([heldStep, heldStep]), plain)).toMatch(/^2 steps held: /);
    expect(summaryText(runOf([failedStep]), plain)).toContain('1 step did not hold:\n');
  });

  describe('of a command that failed', () => {
    const lines = Array.from({ length: 80 }, (_, index) => `  at ${index + 1}`);
    const shown = (count: number, verbose = false) => {
      const text = stepText(
        { ...failedStep, stderr: lines.slice(0, count).join('\n') },
        { ...plain, verbose },
      );
      return text
        .split('\n')
        .flatMap((line) => /^ {5}(?: {2}stderr {4}| {12})( {2}at \d+|….*)$/.exec(line)?.[1] ?? []);
    };

    test('has all that it wrote to standard error, as it stood there', () => {
      expect(shown(51)).toEqual(lines.slice(0, 51));
    });

    test('leaves out the middle of what is long, and says how to see it', () => {
      expect(shown(80)).toEqual([
        ...lines.slice(0, 20),
        '… 30 more lines; --verbose shows all …',
        ...lines.slice(50),
      ]);
    });

    test('leaves out nothing where all is asked for', () => {
      expect(shown(80, true)).toEqual(lines);
    });

    test('cannot drive the terminal', () => {
      expect(stepText({ ...failedStep, stderr: 'oh \x1b[2J' }, plain)).toContain('stderr    oh \\x1b[2J\n');
    });
  });

  test('ends with the sum, whatever else it says', () => {
    for (const run of Object.values(every)) {
      expect(summaryText(run, plain).trimEnd().split('\n').at(-1)).toMatch(
        /: (\d+) of (\d+) checks, on (\w+) \(/,
      );
    }
  });

  test.each([60, 100, 140])(
    'a step that held stays within %i columns and two lines below its name',
    (width) => {
      for (const step of mixed.steps.filter(({ status }) => status === 'held')) {
        const [, ...details] = stepText(step, { colour: false, width }).trimEnd().split('\n');
        expect(details.length).toBeLessThanOrEqual(2);
        for (const line of details) expect(line.length).toBeLessThanOrEqual(width);
      }
    },
  );

  test('a failure is told whole, however long it is', () => {
    const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter((word) => word !== '');
    const printed = words(stepText(failedStep, { colour: false, width: 60 })).join(' ');
    for (const { held, expected, found, why } of failedStep.checks) {
      if (!held) for (const text of [expected, found, why]) expect(printed).toContain(words(text).join(' '));
    }
  });

  test('no text of a scenario or a network drives the terminal or makes a line of its own', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const texts = [...run.steps.map((step) => stepText(step, plain)), summaryText(run, plain)];
        for (const text of texts) expect(text).toMatch(/^[\n\t\P{Cc}]*$/u);
        expect(summaryText(run, plain)).toMatch(/\n[^\n]+ checks, on netns \([^\n]*\)\n$/);
      }),
    );
  });
});
