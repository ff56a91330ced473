import { z } from 'zod';
import type { Check } from '../outcomes/check.ts';
import { showBytes } from '../outcomes/show.ts';
import { type Condition, compare, readCondition } from './condition.ts';
import type { ExpectationKind } from './expectation.ts';

/** Facts that an action found, one by one: `exit`, `stratum`, `bytes`… */
export const fields: ExpectationKind<Record<string, Condition>> = {
  word: 'fields',
  summary: 'Facts that the action found: equal to a value, or "< 0.5", ">= 3", "-1 .. 1", "/pattern/".',
  wholeLab: true,
  example: 'expect: { fields: { stratum: "1 .. 15", offset: "-0.5 .. 0.5" } }',
  schema: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()]).transform((value, context): Condition => {
      const condition = readCondition(value);
      if (typeof condition !== 'string') return condition;
      context.addIssue({ code: 'custom', message: condition });
      return z.NEVER;
    }),
  ),

  async check(value, outcome) {
    return Object.entries(value).map(([field, condition]): Check => {
      const facts = { kind: 'field', name: field } as const;
      const found = outcome.fields[field];
      if (found === undefined) {
        const there = Object.keys(outcome.fields).join(', ') || 'none';
        return {
          ...facts,
          what: `${field} ${condition.source}`,
          held: false,
          expected: `a field ${field}`,
          found: `this step has: ${there}`,
        };
      }
      const held = compare(condition, found);
      if (held) {
        const shown =
          condition.test === 'equal'
            ? `is ${showPlain(found)}`
            : `is ${showPlain(found)} (${condition.source})`;
        return { ...facts, what: `${field} ${shown}`, held };
      }
      return {
        ...facts,
        what: `${field} ${condition.source}`,
        held,
        expected: condition.source,
        found: showPlain(found),
      };
    });
  },
};

/** Six digits tell enough of a measured number. */
function showPlain(value: string | number | boolean): string {
  return typeof value === 'number'
    ? String(Number(value.toPrecision(6)))
    : showBytes(Buffer.from(String(value)));
}
