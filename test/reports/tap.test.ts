/** The TAP report: against the golden file, and with any text in it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneLine, visible } from '../../lab/reports/printable.ts';
import { failedIn, succeeded } from '../../lab/reports/result.ts';
import { tapReport } from '../../lab/reports/tap.ts';
import { expectGolden } from './golden.ts';
import { readTap } from './read-tap.ts';
import { every, interrupted, mixed, strict } from './runs.ts';
import { anyRun } from './strings.ts';

describe('the TAP report', () => {
  test('is written as it was read and found right', () => {
    expectGolden('runs.tap', tapReport(Object.values(every)));
  });

  test('a step that was skipped says why, unless nothing may be skipped: then it has failed', () => {
    const [run] = readTap(tapReport([mixed])).points;
    expect(run?.subtest?.points[2]).toMatchObject({ ok: true, skip: 'ping is not installed' });
    const [refused] = readTap(tapReport([strict])).points;
    expect(refused).toMatchObject({ ok: false });
    expect(refused?.subtest?.points[1]).toMatchObject({ ok: false });
    expect(refused?.subtest?.points[1]?.skip).toBeUndefined();
  });

  test('bails out where the run was interrupted, and only there', () => {
    expect(readTap(tapReport([interrupted])).bailOut).toContain('interrupted (SIGINT)');
    expect(readTap(tapReport([mixed, every['never-up']])).bailOut).toBeUndefined();
  });

  test('has as many points as its plans say, each what its step came to, whatever texts are in it', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { minLength: 1, maxLength: 2 }), (runs) => {
        const tap = readTap(tapReport(runs));
        expect(tap.plan).toBe(runs.length);
        expect(tap.points.map(({ ok }) => ok)).toEqual(runs.map(succeeded));
        for (const [index, { subtest }] of tap.points.entries()) {
          const { steps } = runs[index]!;
          expect(subtest?.plan).toBe(steps.length);
          expect(subtest?.points).toMatchObject(
            steps.map((step, place) => ({
              ok: !failedIn(runs[index]!, step),
              number: place + 1,
              description: oneLine(step.name),
              facts: { did: visible(step.did), host: visible(step.at) },
            })),
          );
        }
      }),
    );
  });
});
