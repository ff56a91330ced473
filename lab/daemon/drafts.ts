/**
 * Drafts of files in the state folder. A draft replaces its file in one step, so that nobody reads half a file. Its name
 * names its writer, so that it is found after the writer was killed at any moment.
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

/** Removes drafts whose writers have ended. */
export async function sweepDrafts(): Promise<void> {
  const folder = stateFolder();
  for (const name of await readdir(folder).catch(() => [])) {
    const [, writer] = name.split(MARK);
    if (writer !== undefined && isDeadInName(writer)) await rm(join(folder, name), { force: true });
  }
}
