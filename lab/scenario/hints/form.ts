/**
 * The right form of a value, made from the author's own: `ping: bob` is meant as `ping: { to: bob }`. Every form is tried
 * against the schema before it is shown.
 */
import type { z } from 'zod';
import { meantValue } from '../synonyms/values.ts';
import { flow, LONGEST_FORM, pair } from './flow.ts';
import { keysAt, optionsOf, schemasAt, takesAnything } from './schema-keys.ts';

type Plain = Record<string, unknown>;

/** The schema that a value should fit, and an example of a right value. */
export interface Asked {
  schema: z.core.$ZodType;
  /** Whether a value that the schema takes is complete: an endpoint has a port. */
  sound?(value: unknown): boolean;
  /** A value that the schema takes; undefined where there is none to show. */
  example?: unknown;
}

/** `ping: { to: bob }`: the author's value in the right form, else the example; undefined where neither can be shown. */
export function formOf(key: string | undefined, value: unknown, asked: Asked): string | undefined {
  const meant = meantBy(value, asked) ?? asked.example;
  if (meant === undefined) return undefined;
  const text = key === undefined ? flow(meant) : pair(key, meant);
  return text.length <= LONGEST_FORM ? text : shortened(key, asked);
}

function shortened(key: string | undefined, { example }: Asked): string | undefined {
  if (example === undefined) return undefined;
  const text = key === undefined ? flow(example) : pair(key, example);
  return text.length <= 2 * LONGEST_FORM ? text : undefined;
}

/** The value that was most likely meant, as the schema takes it; undefined where the schema takes nothing like it. */
export function meantBy(value: unknown, { schema, example, sound }: Asked): unknown {
  const taken = [...likely(value, schema, example)].filter((one) => takes(schema, one));
  return taken.find((one) => sound?.(one) ?? true);
}

export function takes(schema: z.core.$ZodType, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value, { jitless: true }).success;
}

function* likely(value: unknown, schema: z.core.$ZodType, example: unknown): Generator<unknown> {
  yield value;
  if (typeof value === 'number') yield `${value}s`;
  const keys = keysAt(schema, []);
  if (typeof value === 'string') {
    // A key alone does not say what belongs under it, except where it takes no more than true.
    if (keys.includes(value)) return yield { [value]: true };
    // A `to` that takes URLs takes this one whole.
    if (value.includes('://') && keys.includes('to')) yield { to: value };
    for (const url of ofUrl(value)) {
      yield url;
      yield* underKey(url, keys, schema, example);
    }
    yield* ofWords(value, keys, schema);
    if (/^\d+$/.test(value)) yield Number(value);
    yield* meantChoice(value, schema);
  }
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    if (value.length === 1) yield* likely(value[0], schema, example);
    yield* fromAssignments(value);
    yield* asMany(value, example);
    return;
  }
  if (isMap(value) && Object.keys(value).length === 1) yield Object.values(value)[0];
  yield* underKey(value, keys, schema, example);
  yield [value];
  yield* asMany([value], example);
  if (typeof value === 'string') {
    yield* fromAssignments([value]);
    yield value.split(/(?:\s+and\s+|\s*(?:,|<?->?|–)\s*|\s+)/).filter((part) => part !== '');
  }
}

/** `cut alice bob`: a key, and what belongs under it. */
function* ofWords(text: string, keys: readonly string[], schema: z.core.$ZodType): Generator<unknown> {
  const [, key = '', rest = ''] = /^([\w-]+)[\s:=]+(.+)$/s.exec(text) ?? [];
  if (!keys.includes(key)) return;
  for (const inner of schemasAt(schema, [key])) {
    const numbers = /^\d+$/.test(rest) ? [Number(rest)] : [];
    const value = [...numbers, ...likely(rest, inner, undefined)].find((one) => takes(inner, one));
    if (value !== undefined) yield { [key]: value };
  }
}

/** The value under the first key that takes it. Other keys that must be there are as in the example. */
function* underKey(
  value: unknown,
  keys: readonly string[],
  schema: z.core.$ZodType,
  example: unknown,
): Generator<Plain> {
  const shown = isMap(example) ? example : {};
  const takers = keys.filter((key) =>
    schemasAt(schema, [key]).some((inner) => !takesAnything(inner) && takes(inner, value)),
  );
  for (const key of takers) {
    // Where several keys would take it, and this one is not the usual one, nobody knows which is meant.
    if (takers.length > 1 && !(key in shown)) continue;
    const whole = withPort(value, shown[key]);
    yield { [key]: whole };
    const [, host] = typeof value === 'string' ? (/^([^:\s]+):\d+$/.exec(value) ?? []) : [];
    if (host !== undefined) yield { [key]: host };
    if (key in shown) yield { ...shown, [key]: whole };
  }
}

function* meantChoice(value: string, schema: z.core.$ZodType): Generator<string> {
  const meant = meantValue(value, optionsOf(schema));
  if (meant !== undefined) yield meant;
}

/** `http://web/` names a host, and a port by its scheme. */
function* ofUrl(text: string): Generator<string> {
  const [, scheme, host, port] = /^([a-z]+):\/\/([^/:]+)(?::(\d+))?/.exec(text) ?? [];
  if (host !== undefined) yield `${host}:${port ?? (scheme === 'https' ? 443 : 80)}`;
}

/** A host with a port, where the example has a port too: a port is needed there. */
function withPort(value: unknown, example: unknown): unknown {
  const port = typeof example === 'string' ? /:(\d+)$/.exec(example)?.[1] : undefined;
  return typeof value === 'string' && port && !value.includes(':') ? `${value}:${port}` : value;
}

/** A list that has too few entries, with the others of the example. */
function* asMany(list: readonly unknown[], example: unknown): Generator<unknown[]> {
  if (!Array.isArray(example) || example.length <= list.length) return;
  const others = example.filter((one) => !list.includes(one));
  yield [...list, ...others].slice(0, example.length);
}

/** `["A=b"]`, as compose takes it. */
function* fromAssignments(list: readonly unknown[]): Generator<Plain> {
  const pairs = list.map((one) => (typeof one === 'string' ? /^([^=\s]+)\s*=\s*(.*)$/s.exec(one) : null));
  if (pairs.length === 0 || pairs.some((one) => !one)) return;
  yield Object.fromEntries(pairs.map((one) => [one![1], one![2]]));
}

export function isMap(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
