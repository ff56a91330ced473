/** A node against a zod schema: the parsed value, or problems at their places in the text. */
import type { Node } from 'yaml';
import type { z } from 'zod';
import { LONGEST_FORM, pair } from '../hints/flow.ts';
import { hintFor, tablesFor } from '../hints/unknown-word.ts';
import type { SynonymLevel } from '../synonyms/synonym.ts';
import { type Advice, allFindings, unknownKey } from './findings.ts';
import { type Page, refuse } from './page.ts';
import { type Entry, plain } from './tree.ts';

/** zod compiles a schema at its first use, which takes longer than a scenario's few uses of it save. */
const ONCE = { jitless: true } as const;

/** A scenario's controls have its steps read again and again: a node that was sound once is not parsed again. */
const sound = new WeakMap<Node, Map<z.ZodType, { value: unknown }>>();

/**
 * The value as the schema parsed it, or undefined after its problems are noted. `at` is the key of the value, `what` is its
 * name in messages; `advice` is asked for where something is wrong.
 */
export function check<T>(
  page: Page,
  schema: z.ZodType<T>,
  root: Node | null,
  at: Node,
  what: string,
  advice?: () => Advice,
): { value: T } | undefined {
  const known = root && sound.get(root)?.get(schema);
  if (known) return known as { value: T };
  const parsed = schema.safeParse(plain(root), ONCE);
  if (parsed.success) return remember(root, schema, { value: parsed.data });
  const checked = { ...advice?.(), schema, root, at, what, names: page.names };
  for (const found of allFindings(checked, parsed.error.issues)) {
    refuse(page, found.place, found.message, found.options);
  }
  return undefined;
}

function remember<T>(root: Node | null, schema: z.ZodType<T>, found: { value: T }): { value: T } {
  if (!root) return found;
  const bySchema = sound.get(root) ?? new Map<z.ZodType, { value: unknown }>();
  sound.set(root, bySchema.set(schema, found));
  return found;
}

/** A map's value without the keys that are wrong, if the rest is right: so one mistake does not hide another. */
export function soundPart<T>(schema: z.ZodType<T>, root: Node | null): { value: T } | undefined {
  const value = plain(root);
  const issues = schema.safeParse(value, ONCE).error?.issues ?? [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const wrong = issues.flatMap((issue) =>
    issue.path.length === 0 && issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])],
  );
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.includes(key)));
  const parsed = schema.safeParse(rest, ONCE);
  return parsed.success ? { value: parsed.data } : undefined;
}

/** An entry whose key does not belong to its map, and the facts about that map. */
export interface Stray {
  entry: Entry;
  allowed: readonly string[];
  /** The name of the map in messages. */
  what: string;
  level?: SynonymLevel | undefined;
  /** The word that the map stands under. */
  word?: string;
  /** The whole map. */
  around: readonly Entry[];
  /** A value under one of the keys that are allowed, in the form that this one takes. */
  form?(key: string, value: unknown): string | undefined;
  /** The hint that corrects the key, where one is known. */
  hint?: string;
}

/** Notes a key that is not known here. */
export function refuseKey(page: Page, { hint, ...stray }: Stray): void {
  const { entry, allowed, what, level, word, around, form } = stray;
  const written = {
    key: entry.key,
    value: plain(entry.value),
    around: Object.fromEntries(around.map(({ key, value }) => [key, plain(value)])),
    names: page.names,
    form: (key: string, value: unknown) => form?.(key, value) ?? shortForm(key, value),
  };
  const known = hint ?? hintFor(written, allowed, tablesFor(level, word));
  const found = unknownKey(entry.at, entry.key, allowed, what, known);
  refuse(page, found.place, found.message, found.options);
}

function shortForm(key: string, value: unknown): string {
  const text = pair(key, value);
  return text.length <= LONGEST_FORM ? text : `${key}: …`;
}
