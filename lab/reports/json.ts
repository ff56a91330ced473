/** The report for programs: everything that the result has. Its form is `report.schema.json`. */
import { lossText } from '../captures/losses.ts';
import type { Check } from '../outcomes/check.ts';
import { jsonText } from './for-terminal.ts';
import { type RunResult, succeeded } from './result.ts';
import { REPORT_VERSION, type Report } from './schema.ts';

export function jsonReport(runs: readonly RunResult[]): string {
  const report: Report = {
    version: REPORT_VERSION,
    held: runs.every(succeeded),
    runs: runs.map(({ captured, cables: _, ...run }) => ({
      ...run,
      steps: run.steps.map(({ checks, explained: __, ...step }) => ({
        ...step,
        checks: checks.map(reported),
      })),
      ...(captured && {
        captured: { frames: captured.frames.length, losses: captured.losses.map(lossText) },
      }),
    })),
  };
  return `${jsonText(report, 2, rounded)}\n`;
}

/** A check without the fields that no program is told. */
function reported(check: Check) {
  const { brief: _, refusal: __, absence: ___, ...rest } = check;
  return rest;
}

/** Rounds to microseconds: only milliseconds have a fraction, and smaller parts are noise of the clock. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
