/** Parts of zod's issues in the words of a scenario. */
import { isScalar, type Node } from 'yaml';
import type { z } from 'zod';
import { plain } from './tree.ts';
import { show } from './values.ts';

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};

/** A zod type in the words of a scenario. */
export function kindOf(expected: string): string {
  return KINDS[expected] ?? expected;
}

/** How a value of another type is put right. */
export function mendType(expected: string, node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  const source = node.source ?? String(node.value);
  if (expected === 'string') return `put it in quotes: "${source}"`;
  if (expected === 'array') return `write [${source}]`;
  if (expected === 'boolean') return 'write true or false';
  return undefined;
}

/** `is at least 2 entries` */
export function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = { string: ' characters', array: ' entries' }[issue.origin as string] ?? '';
  if (issue.code === 'too_small')
    return `is ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`;
  return `is ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit}`;
}

/** What a bound was held against. */
export function sizeOf(origin: string, node: Node | null | undefined): string {
  const value = plain(node);
  if (origin === 'array' && Array.isArray(value)) return String(value.length);
  if (origin === 'string' && typeof value === 'string') return String(value.length);
  return show(value);
}
