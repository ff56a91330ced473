/** What a chapter quotes of its scenario: steps as `lanlab run` prints them, and changes to try. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario, Step } from '../../lab/model/types.ts';
import { ROOT } from '../cli/command.ts';
import { type Block, type Chapter, exchanges } from './page.ts';

const STEP = /^[✓✗-] +(\d+) (.+) \(([\d.]+ (?:ms|s|min)[^)]*)\)$/;
const TOTAL = /^(\d+) steps held: \d+ of \d+ checks, on \w+ \(/;

/** Quoted lines that the scenario would not print, and how it prints the step of that name, or of that number. */
export function misquoted(chapter: Chapter, { steps }: Scenario): string[] {
  const lines = exchanges(chapter).flatMap(({ output }) => output);
  return lines.flatMap((line) => {
    const total = TOTAL.exec(line)?.[1];
    if (total && Number(total) !== steps.length) return `${line}\n  has ${steps.length} steps`;
    if (!/^[✓✗] /.test(line)) return [];
    const [, number, name, rest = ''] = STEP.exec(line) ?? [];
    const step = steps.find((one) => one.name === name) ?? steps[Number(number) - 1];
    const printed = step && `${line[0]} ${printStep(step, rest.split(', ')[0]!)}`;
    return line === printed ? [] : `${line}\n  is printed ${printed ?? 'nowhere'}`;
  });
}

function printStep({ index, name, shows }: Step, took: string): string {
  return `${String(index).padStart(2)} ${name} (${[took, ...shows].join(', ')})`;
}

/** The scenarios by their numbers, in that order. */
export const numbered = new Map(
  readdirSync(join(ROOT, 'scenarios'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [Number.parseInt(name, 10), name] as const)
    .sort(([one], [other]) => one - other),
);

/** The file of a chapter; where there is none, what it would be called. */
export function scenarioFile(chapter: number): string {
  return numbered.get(chapter) ?? `${String(chapter).padStart(2, '0')}-….yaml`;
}

export function scenarioText(file: string): string {
  return readFileSync(join(ROOT, 'scenarios', file), 'utf8');
}

/** The scenario's text with a change made that a chapter proposes; throws where it does not fit, or fits twice. */
export function changed(text: string, { lines }: Block): string {
  const side = (sign: string) =>
    lines.filter((line) => [' ', sign].includes(line[0] ?? ' ')).map((line) => `${line.slice(1)}\n`);
  const [before, after] = [side('-').join(''), side('+').join('')];
  const fits = text.split(before).length - 1;
  if (fits !== 1) throw new Error(`this is ${fits} times in the scenario:\n${before}`);
  return text.replace(before, () => after);
}
