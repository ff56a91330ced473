/** The Test Anything Protocol, version 14 (testanything.org): a run is a subtest, a step is a test point of it. */
import { stringify } from 'yaml';
import type { StepResult } from '../outcomes/step-result.ts';
import { clocksText } from './clocks-text.ts';
import { oneLine, visible } from './printable.ts';
import { failedIn, lackingOf, placeOf, type RunResult, succeeded, titleOf } from './result.ts';
import { stopLine, troubleLine } from './trouble.ts';

export function tapReport(runs: readonly RunResult[]): string {
  const lines = ['TAP version 14', `1..${runs.length}`, ...runs.flatMap(subtest)];
  const interrupted = runs.find(({ stopped }) => stopped?.code === 'interrupted');
  if (interrupted) lines.push(`Bail out! ${described(stopLine(interrupted)!)}`);
  return `${lines.join('\n')}\n`;
}

function subtest(run: RunResult, index: number): string[] {
  const title = described(titleOf(run));
  const points = run.steps.flatMap((step, place) => point(run, step, place + 1));
  return [
    `# Subtest: ${title}`,
    ...[`1..${run.steps.length}`, ...points].map((line) => `    ${line}`),
    `${succeeded(run) ? 'ok' : 'not ok'} ${index + 1} - ${title}`,
    ...diagnostics(runFacts(run)),
  ];
}

/** A test point. Its numbers have no gaps, also where steps of the scenario were filtered out. */
function point(run: RunResult, step: StepResult, number: number): string[] {
  const failed = failedIn(run, step);
  const skip = step.skipped && !failed ? ` # SKIP ${described(step.skipped.why)}` : '';
  return [
    `${failed ? 'not ok' : 'ok'} ${number} - ${described(step.name)}${skip}`,
    ...diagnostics(stepFacts(step, failed)),
  ];
}

/** One line in which `#` is escaped, so that it begins no directive. */
function described(text: string): string {
  return oneLine(text).replaceAll(/[\\#]/g, '\\$&');
}

function diagnostics(facts: Record<string, unknown>): string[] {
  const yaml = stringify(facts, (_key, value) => (typeof value === 'string' ? visible(value) : value), {
    lineWidth: 0,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return ['---', ...yaml.trimEnd().split('\n'), '...'].map((line) => `  ${line}`);
}

function stepFacts(step: StepResult, failed: boolean): Record<string, unknown> {
  const { at, did, checks, started, took, shows, where, skipped, stderr } = step;
  return {
    ...(failed && { message: troubleLine(step), severity: 'fail' }),
    host: at,
    did,
    ...(checks.length > 0 && { checks: checks.map(({ took: _, brief: __, ...check }) => check) }),
    ...(stderr !== undefined && { stderr }),
    ...(skipped && { skipped }),
    ...(started !== undefined && { started }),
    took_ms: rounded(took),
    ...(shows.length > 0 && { shows }),
    at: placeOf(where),
  };
}

function runFacts(run: RunResult): Record<string, unknown> {
  const { scenario, engine, versions, hosts, started, took, clocks } = run;
  const message = stopLine(run);
  const lacking = lackingOf(run);
  return {
    ...(message !== undefined && { message, severity: 'fail' }),
    scenario: scenario.file,
    ...(scenario.about !== undefined && { about: scenario.about }),
    engine,
    versions,
    hosts: Object.fromEntries(
      hosts.map(({ name, interfaces }) => [name, interfaces.flatMap((one) => one.addresses)]),
    ),
    ...(clocks && { clocks: clocks.map(clocksText) }),
    ...(lacking.length > 0 && { lacking }),
    started,
    took_ms: { up: rounded(took.up), steps: rounded(took.steps), down: rounded(took.down) },
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
