/** How a value is read: one function makes the value of what YAML gave, or says what is wrong with it. */
import { z } from 'zod';
import type { Hint } from '../wire/lines/hint.ts';

/** A mistake that a reader found: what is wrong, and how the author corrects it. */
export class Wrong {
  readonly what: string;
  readonly hint: Hint | undefined;
  constructor(what: string, hint?: Hint) {
    this.what = what;
    this.hint = hint;
  }
}

/**
 * A schema from one function that reads a value or says what is wrong. `json` is its form in JSON Schema.
 * A value that is missing is reported as such by the loader, before `read` sees it.
 */
export function reading<T>(read: (input: unknown) => T | Wrong, json: Record<string, unknown>): z.ZodType<T> {
  return z
    .unknown()
    .transform((input, context): T => {
      const value = input === undefined ? new Wrong('is missing') : read(input);
      if (!(value instanceof Wrong)) return value;
      const missing = input === undefined;
      context.addIssue({
        code: 'custom',
        message: value.what,
        params: { hint: value.hint, missing },
        input,
      });
      return z.NEVER;
    })
    .meta(json);
}

/** `"abc"`, `12`, `a list`: a value as a message names it. */
export function show(input: unknown): string {
  if (input === null || input === undefined) return 'nothing'; // An alias that leads nowhere is neither.
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > 60 ? `${text.slice(0, 56)}…${text.endsWith('"') ? '"' : ''}` : text;
}

/** Text, and nothing that YAML made a number of. */
export function readText(input: unknown, expected = 'text'): string | Wrong {
  if (typeof input === 'string') return input;
  const hint = input === null ? 'for no text write ""' : undefined;
  if (typeof input !== 'number' && typeof input !== 'boolean') {
    return new Wrong(`${expected} is expected, found ${show(input)}`, hint);
  }
  const type = typeof input === 'number' ? 'a number' : 'a truth value';
  return new Wrong(
    `${expected} is expected, and YAML reads ${input} as ${type}`,
    `put it in quotes: "${input}"`,
  );
}
