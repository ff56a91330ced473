/** Facts that an action found, one by one: `exit`, `stratum`, `bytes`… */
import { z } from 'zod';
import type { Check } from '../outcomes/check.ts';
import { mistaken, type Outcome } from '../outcomes/outcome.ts';
import { showBytes } from '../outcomes/show.ts';
import { find } from '../patterns/find.ts';
import { type Condition, holds, readCondition } from './condition.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { holdsWhateverFollows } from './judging.ts';

/** Fields that say how many packets came, or did not. */
const COUNTS: ReadonlySet<string> = new Set(['received', 'loss', 'retransmissions']);

export const fields: ExpectationKind<Record<string, Condition>> = {
  word: 'fields',
  summary: 'Compares facts that the action found: a value, "< 0.5", ">= 3", "-1 .. 1" or "/pattern/".',
  wholeLab: true,
  example: 'expect: { fields: { stratum: "1 .. 15", offset: "-0.5 .. 0.5" } }',
  schema: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()]).transform((value, context): Condition => {
      const condition = readCondition(value);
      if (typeof condition !== 'string') return condition;
      const hint = 'write the value alone, "> 0", "<= 5", "1 .. 3" or "/a pattern/"';
      context.addIssue({ code: 'custom', message: condition, params: { hint } });
      return z.NEVER;
    }),
  ),

  async check(value, outcome, step) {
    const checks: Check[] = [];
    const known = Object.keys(value).every((field) => fieldIn(outcome.fields, field) !== undefined);
    const more = known ? {} : await outcome.measured?.();
    const now = { ...outcome, fields: { ...outcome.fields, ...more } };
    for (const [field, condition] of Object.entries(value))
      checks.push(await checkOf(field, condition, now, patience(step)));
    return checks;
  },
};

async function checkOf(
  field: string,
  condition: Condition,
  outcome: Outcome,
  giveUp: number,
): Promise<Check> {
  const facts = { kind: 'field', name: field, ...(COUNTS.has(field) && { absence: true as const }) } as const;
  const what = `${field} ${condition.source}`;
  const found = fieldIn(outcome.fields, field);
  if (found === undefined) {
    const there = Object.keys(outcome.fields).join(', ') || 'none';
    return { ...facts, what, held: false, expected: `a field ${field}`, found: `this step has: ${there}` };
  }
  try {
    const unsure = await unsureOf(field, condition, outcome, giveUp);
    if (unsure !== undefined) {
      const expected = condition.source;
      return {
        ...facts,
        what,
        held: false,
        incomplete: true,
        expected,
        found: showPlain(found),
        why: unsure,
      };
    }
    if (!(await holds(condition, found, giveUp)))
      return { ...facts, what, held: false, expected: condition.source, found: showPlain(found) };
  } catch (error) {
    return mistaken(error, what);
  }
  const equal = condition.test === 'equal' ? '' : ` (${condition.source})`;
  return { ...facts, what: `${field} is ${showPlain(found)}${equal}`, held: true };
}

/** Headers of HTTP are fields, and the case of their names has no meaning. */
function fieldIn(fields: Outcome['fields'], name: string): Outcome['fields'][string] | undefined {
  return fields[name] ?? fields[name.toLowerCase()];
}

/** Why it cannot be said of a text that is there in part: no text that is shorter equals it, patterns may be met by the rest. */
async function unsureOf(
  field: string,
  condition: Condition,
  { fields, cut }: Outcome,
  giveUp: number,
): Promise<string | undefined> {
  const all = cut?.[field];
  if (!all || condition.test !== 'matches') return undefined;
  const text = String(fields[field]);
  const match = await find(condition.pattern, text, giveUp);
  if (match && holdsWhateverFollows(condition.pattern, match, text)) return undefined;
  return `only the first ${Buffer.byteLength(text)} of ${all.bytes} bytes are kept`;
}

/** Six digits tell enough of a measured number. */
function showPlain(value: string | number | boolean): string {
  return typeof value === 'number'
    ? String(Number(value.toPrecision(6)))
    : showBytes(Buffer.from(String(value)));
}
