/**
 * Files of the state folder that become others in one step, so that nobody reads half of one. Whoever writes one stands
 * in its name: it is found at whatever moment they are killed.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeadInName, ownerInName } from '../engines/owner.ts';
import { stateFolder } from '../engines/state-folder.ts';

const MARK = '.draft-';

/** A path beside this one that nobody else has. */
export function draftOf(path: string): string {
  return `${path}.${randomUUID()}${MARK}${ownerInName()}`;
}

/** Removes those whose writers have ended. */
export async function sweepDrafts(): Promise<void> {
  const folder = stateFolder();
  for (const name of await readdir(folder).catch(() => [])) {
    const [, writer] = name.split(MARK);
    if (writer !== undefined && isDeadInName(writer)) await rm(join(folder, name), { force: true });
  }
}
