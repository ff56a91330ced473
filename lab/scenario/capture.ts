/** `capture:`, the hosts that capture for the whole run. */
import { z } from 'zod';
import type { Host } from '../model/types.ts';
import { dangling } from './steps/references.ts';
import { check } from './text/check.ts';
import { type Page, refuse } from './text/page.ts';
import { type Entry, placeOf } from './text/tree.ts';
import { name } from './values/values.ts';

const WRITE = '`capture` takes `all`, or a list of hosts';

export const captureSchema = z.union([z.literal('all'), z.array(name).min(1)], { error: WRITE });

export function readCapture(
  page: Page,
  entry: Entry | undefined,
  hosts: ReadonlyMap<string, Host>,
): string[] | undefined {
  const read =
    entry && check(page, captureSchema, entry.value, entry.at, '`capture`', () => ({ example: 'all' }));
  if (!read) return undefined;
  if (read.value === 'all') return [...hosts.keys()];
  for (const [index, value] of read.value.entries()) {
    const found = dangling({ path: [], is: 'host', value }, { at: undefined, hosts, conversations: [] });
    if (found) refuse(page, placeOf(entry.value, [index], entry.at), found.message, found);
  }
  return read.value;
}
