/** Conditions on one plain value: equality, comparison, range, pattern. */

import { find } from '../patterns/find.ts';

type Plain = string | number | boolean;

export type Condition = { source: string } & (
  | { test: 'equal'; value: Plain }
  | { test: '<' | '<=' | '>' | '>='; value: number }
  | { test: 'between'; from: number; to: number }
  | { test: 'matches'; pattern: RegExp }
);

const NUMBER = String.raw`[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`;
const COMPARISON = /^(<=|>=|<|>|≤|≥)\s*(.*)$/s;
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})$`);

/** Reads `3`, `"< 0.5"`, `"-1 .. 1"`, `"/text/"`; a string that is returned says what is wrong with it. */
export function readCondition(value: Plain): Condition | string {
  const source = typeof value === 'string' ? value.trim() : String(value);
  if (typeof value !== 'string') return { source, test: 'equal', value };
  const [other] = /^(?:!=|<>|==|=~|!~|~)/.exec(source) ?? [];
  if (other !== undefined) return `${other} compares nothing here`;
  const comparison = COMPARISON.exec(source);
  if (comparison) return readComparison(source, comparison[1]!, comparison[2]!);
  const range = RANGE.exec(source);
  if (range) return { source, test: 'between', from: Number(range[1]), to: Number(range[2]) };
  if (!/^\/.*\/$/s.test(source)) return { source: JSON.stringify(value), test: 'equal', value };
  try {
    return { source, test: 'matches', pattern: new RegExp(source.slice(1, -1), 'su') };
  } catch (error) {
    return `${source} is not a regular expression: ${error instanceof Error ? error.message : error}`;
  }
}

function readComparison(source: string, sign: string, operand: string): Condition | string {
  if (!new RegExp(`^${NUMBER}$`).test(operand)) return `after ${sign} comes a number, found "${operand}"`;
  const test = sign === '≤' ? '<=' : sign === '≥' ? '>=' : (sign as '<' | '<=' | '>' | '>=');
  return { source, test, value: Number(operand) };
}

/** As `compare`; a pattern is tried for so many milliseconds. Throws SlowPattern. */
export async function holds(condition: Condition, found: Plain, giveUp: number): Promise<boolean> {
  if (condition.test !== 'matches') return compare(condition, found);
  return (await find(condition.pattern, String(found), giveUp)) !== undefined;
}

/**
 * Numbers compare as numbers; a pattern looks at the value as text. A value that may be a long text goes through
 * `holds`.
 */
export function compare(condition: Condition, found: Plain): boolean {
  switch (condition.test) {
    case 'equal':
      return found === condition.value;
    case 'matches':
      return condition.pattern.test(String(found));
    case 'between':
      return typeof found === 'number' && found >= condition.from && found <= condition.to;
    case '<':
      return typeof found === 'number' && found < condition.value;
    case '<=':
      return typeof found === 'number' && found <= condition.value;
    case '>':
      return typeof found === 'number' && found > condition.value;
    case '>=':
      return typeof found === 'number' && found >= condition.value;
    default:
      return condition satisfies never;
  }
}
