/** `before:`, the preparations of hosts before a step does its action. The step does not look at them. */
import { z } from 'zod';
import type { Preparation } from '../../model/types.ts';
import { check } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { type Entry, placeOf, readList } from '../text/tree.ts';
import { name } from '../values/values.ts';
import { dangling, type Scope } from './references.ts';

const FORGET = ['neighbours'] as const;

export const beforeEntry = z.strictObject({
  forget: z
    .enum(FORGET)
    .describe('neighbours: the host forgets the MAC addresses that it has learned, and asks again.'),
  at: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe('The host or hosts. The host of the step is the default.'),
});

/** `at` is the step's host; undefined for a step that is done to the whole lab. */
export function readBefore(
  page: Page,
  entry: Entry | undefined,
  at: string | undefined,
  scope: Scope,
): Preparation[] {
  if (!entry) return [];
  const items =
    readList(page, '`before`', entry.value, entry.at, 'write before: [{ forget: neighbours }]') ?? [];
  return items.flatMap((item, index) => {
    const what = `entry ${index + 1} of \`before\``;
    const read = check(page, beforeEntry, item, item, what);
    if (!read) return [];
    const hosts = [read.value.at ?? at ?? []].flat();
    if (hosts.length === 0) {
      refuse(page, item, `${what} does not say at which host`, {
        hint: 'write { forget: neighbours, at: alice }',
      });
    }
    const wrong = hosts.flatMap((value) => dangling({ path: [], is: 'host', value }, scope) ?? []);
    for (const found of wrong) refuse(page, placeOf(item, ['at'], item), found.message, found);
    return wrong.length === 0 ? hosts.map((host) => ({ forget: read.value.forget, at: host })) : [];
  });
}
