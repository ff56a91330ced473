/**
 * A lab's folder on this machine, where its engine needs one (`compose`: its compose file and its agents' sockets). It
 * stays when its owner is killed, and the next lab of any engine removes it.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDead, isDeadInName, owner, ownerInName } from './owner.ts';

const PREFIX = 'lanlab-';
const OWNER = 'owner';

export function folderOf(id: string): string {
  return join(tmpdir(), `${PREFIX}${id}`);
}

/**
 * The folder's name while it is not whole: while it is made, and while it is removed. The name contains the process that
 * does this, so that the folder is found when that process is killed at any moment.
 */
function unfinished(id: string): string {
  return `${folderOf(id)}.${ownerInName()}`;
}

/** The agents' sockets go to `agents` in it. The folder appears with its owner's name already in it. */
export async function makeFolder(id: string): Promise<string> {
  const folder = folderOf(id);
  const unfinishedFolder = unfinished(id);
  await mkdir(unfinishedFolder, { mode: 0o700 });
  await writeFile(join(unfinishedFolder, OWNER), owner());
  await mkdir(join(unfinishedFolder, 'agents'));
  await rename(unfinishedFolder, folder);
  return folder;
}

/** Removes the folder, also one that is not whole. A missing folder is no error. */
export async function removeFolder(id: string): Promise<void> {
  await takeAway(id, id);
  await rm(unfinished(id), { recursive: true, force: true });
}

/** Removes folders whose owners have ended, and returns the ids of their labs. Folders that we may not read are left. */
export async function sweepFolders(): Promise<string[]> {
  const names = await readdir(tmpdir()).catch(() => []);
  const all = names.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
  const swept = await Promise.all(all.map(async (name) => ((await isLeft(name)) ? sweepOne(name) : [])));
  return [...new Set(swept.flat())];
}

/** Returns nothing where another process was faster. */
async function sweepOne(name: string): Promise<string[]> {
  const id = name.replace(/\..*/s, '');
  if (!(await takeAway(name, id))) return [];
  await rm(unfinished(id), { recursive: true });
  return [id];
}

/** Renames the folder, so that it can be removed. False where it is gone. */
async function takeAway(name: string, id: string): Promise<boolean> {
  try {
    await rename(folderOf(name), unfinished(id));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** `name` is a lab's id. While the folder is not whole, a dot and the process that makes or removes it follow. */
async function isLeft(name: string): Promise<boolean> {
  const [, someone] = /\.(.*)$/s.exec(name) ?? [];
  try {
    await readdir(folderOf(name)); // Another user's folder can be neither read nor removed.
    if (someone) return isDeadInName(someone);
    return isDead(await readFile(join(folderOf(name), OWNER), 'utf8'));
  } catch {
    return false;
  }
}
