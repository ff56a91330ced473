/** Parts of zod's issues in the words of a scenario. */
import { isScalar, type Node } from 'yaml';
import type { z } from 'zod';
import { show } from '../../model/reading.ts';
import { plain } from './tree.ts';

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

/** The hint that corrects a value of another type. */
export function hintForType(expected: string, node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  const source = node.source ?? String(node.value);
  if (expected === 'string') return `put it in quotes: "${source}"`;
  if (expected === 'array') return `write [${source}]`;
  if (expected === 'boolean') return 'write true or false';
  return undefined;
}

/** `is at least 2 entries` */
export function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [limit, words] =
    issue.code === 'too_small'
      ? [issue.minimum, ['at least', 'more than']]
      : [issue.maximum, ['at most', 'less than']];
  const [one, many] =
    { string: ['character', 'characters'], array: ['entry', 'entries'] }[String(issue.origin)] ?? [];
  const unit = one === undefined ? '' : ` ${Number(limit) === 1 ? one : many}`;
  return `${unit ? 'takes' : 'is'} ${words[issue.inclusive ? 0 : 1]} ${limit}${unit}`;
}

/** The size that a bound was held against. */
export function sizeOf(origin: string, node: Node | null | undefined): string {
  const value = plain(node);
  if (origin === 'array' && Array.isArray(value)) return String(value.length);
  if (origin === 'string' && typeof value === 'string') return String(value.length);
  return show(value);
}
