/** The controls under `control:` of a step, and the claims that each is for. Their content is read elsewhere. */
import { isSeq } from 'yaml';
import { refuseKey } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { type Entry, readList, readMap } from '../text/tree.ts';
import { CLAIM } from './claim.ts';

export interface ControlPart {
  claims: string[];
  part: Entry;
}

/** One control or several for all that the step shows, or one or several for each claim. */
export function controlParts(page: Page, entry: Entry, shows: string[]): ControlPart[] {
  if (isSeq(entry.value)) return worldsOf(page, entry).map((part) => ({ claims: shows, part }));
  const inner = readMap(page, '`control`', entry.value, entry.at);
  if (!inner?.some(({ key }) => CLAIM.test(key))) return inner ? [{ claims: shows, part: entry }] : [];
  return inner.flatMap((one) => {
    const { key, at } = one;
    if (shows.includes(key)) return worldsOf(page, one).map((part) => ({ claims: [key], part }));
    if (CLAIM.test(key)) {
      refuse(page, at, `this step does not show ${key}`, { hint: 'add it to `shows`', allowed: shows });
    } else refuseKey(page, { entry: one, allowed: shows, what: '`control`', around: inner });
    return [];
  });
}

/** One control, or a list of them: a claim that says several things is false in several ways. */
function worldsOf(page: Page, entry: Entry): Entry[] {
  if (!isSeq(entry.value)) return [entry];
  const worlds = readList(page, '`control`', entry.value, entry.at) ?? [];
  if (worlds.length === 0) {
    refuse(page, entry.at, 'this list of controls is empty', { hint: 'write a control, or leave it out' });
  }
  return worlds.map((value) => ({ ...entry, at: value, value }));
}
