/** The report for a person: the hosts, then a line a check, then what it comes to. */
import { styleText } from 'node:util';
import type { RunResult } from '../run.ts';
import type { Plan } from '../scenario/planned.ts';
import type { StepResult } from '../steps/run-step.ts';
import { showTime } from '../steps/show.ts';
import type { Check } from '../steps/step.ts';

export interface TextOptions {
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

function painter({ colour }: TextOptions): (style: Style, text: string) => string {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** The networks, each with its hosts: name, address, program. */
export function topologyText(plan: Plan, options: TextOptions): string {
  const paint = painter(options);
  const lines = plan.networks.flatMap(({ name, subnet }) => {
    const hosts = plan.hosts.flatMap((host) =>
      host.interfaces.filter(({ network }) => network === name).map(({ address }) => ({ host, address })),
    );
    const longest = Math.max(...hosts.map(({ host }) => host.name.length));
    return [
      `  ${paint('bold', name)} ${subnet}`,
      ...hosts.map(({ host, address }, index) => {
        const corner = index === hosts.length - 1 ? '└─' : '├─';
        const program = programName(host.program);
        return `  ${corner} ${host.name.padEnd(longest)}  ${address.padEnd(15)} ${paint('dim', program)}`.trimEnd();
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function programName(program: Plan['hosts'][number]['program']): string {
  if (!program) return '';
  if (program.kind === 'service') return program.service;
  return program.kind === 'image' ? program.image : program.argv.join(' ');
}

export function stepText(result: StepResult, options: TextOptions): string {
  const paint = painter(options);
  const head = `${mark(result.status, paint)} ${String(result.index).padStart(2)} ${paint('bold', result.name)}`;
  const time = paint('dim', `(${showTime(result.took)})`);
  if (result.skipped) {
    const { why, mend } = result.skipped;
    return `${head}\n     skipped: ${why}\n     mend: ${mend}\n`;
  }
  const lines = result.status === 'held' ? [heldLine(result, paint)] : failedLines(result, paint);
  return `${head} ${time}\n${lines.map((line) => `     ${line}\n`).join('')}`;
}

/** What was done and what was found, on one line. */
function heldLine({ at, did, checks }: StepResult, paint: ReturnType<typeof painter>): string {
  const found = checks.map(({ what }) => what).filter((what) => what !== did);
  return paint('dim', [`${at}: ${did}`, ...found].join('; '));
}

function failedLines({ at, did, checks, where }: StepResult, paint: ReturnType<typeof painter>): string[] {
  return [
    `${at}: ${did}`,
    ...checks.flatMap((check) =>
      check.held ? [`${mark('held', paint)} ${check.what}`] : failedCheck(check, paint),
    ),
    paint('dim', `at ${where.file}:${where.line}:${where.column}`),
  ];
}

function failedCheck({ what, expected, found, why }: Check, paint: ReturnType<typeof painter>): string[] {
  return [
    `${mark('failed', paint)} ${what}`,
    ...(expected === undefined ? [] : [`  expected  ${expected}`]),
    ...(found === undefined ? [] : [`  found     ${found}`]),
    ...(why === undefined ? [] : [`  why       ${why}`]),
  ];
}

function mark(status: StepResult['status'], paint: ReturnType<typeof painter>): string {
  if (status === 'held') return paint('green', '✓');
  return status === 'failed' ? paint(['red', 'bold'], '✗') : paint('yellow', '-');
}

export function summaryText(result: RunResult, options: TextOptions): string {
  const paint = painter(options);
  const { held, failed, skipped, checks, took } = result;
  const parts = [
    paint(failed > 0 ? 'reset' : 'green', `${held} steps held`),
    ...(failed > 0 ? [paint('red', `${failed} did not`)] : []),
    ...(skipped > 0 ? [paint('yellow', `${skipped} skipped`)] : []),
  ];
  const times = `up ${showTime(took.up)}, steps ${showTime(took.steps)}, down ${showTime(took.down)}`;
  return `${parts.join(', ')}: ${checks.held} of ${checks.all} checks, on ${result.engine} (${times})\n`;
}
