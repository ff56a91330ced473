/** A node against a zod schema: the parsed value, or what is wrong with it, said at its place in the text. */
import type { Node } from 'yaml';
import type { z } from 'zod';
import { allFindings, unknownKey } from './findings.ts';
import { type Page, refuse } from './page.ts';
import { plain } from './tree.ts';

/** zod compiles a schema at its first use, which takes longer than a scenario's few uses of it save. */
const ONCE = { jitless: true } as const;

/** A scenario's controls have its steps read again and again: what was sound once is not parsed anew. */
const sound = new WeakMap<Node, Map<z.ZodType, { value: unknown }>>();

/**
 * The value as the schema parsed it, or undefined after its problems are noted. `at` is the key that the value
 * stands at, `what` is what messages call it.
 */
export function check<T>(
  page: Page,
  schema: z.ZodType<T>,
  root: Node | null,
  at: Node,
  what: string,
): { value: T } | undefined {
  const known = root && sound.get(root)?.get(schema);
  if (known) return known as { value: T };
  const parsed = schema.safeParse(plain(root), ONCE);
  if (parsed.success) return remember(root, schema, { value: parsed.data });
  for (const found of allFindings({ schema, root, at, what }, parsed.error.issues)) {
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

/** A map's value without the keys that are wrong, if that is right: so one slip does not hide another. */
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

/** Notes a key that is not known here. */
export function refuseKey(page: Page, at: Node, key: string, allowed: readonly string[], what: string): void {
  const found = unknownKey(at, key, allowed, what);
  refuse(page, found.place, found.message, found.options);
}
