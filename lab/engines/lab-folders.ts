/**
 * A lab's folder on this machine, where its engine needs one (`compose`: its compose file and its agents' sockets). It
 * outlives its owner where that is killed, and the next lab of any engine sweeps it.
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
 * Its name while it is not whole: when it is made, and when it is removed. Whoever does that stands in it, so that it
 * is found at whatever moment they are killed.
 */
function unfinished(id: string): string {
  return `${folderOf(id)}.${ownerInName()}`;
}

/** The agents' sockets go to `agents` in it. It is there at once with its owner's word in it. */
export async function makeFolder(id: string): Promise<string> {
  const folder = folderOf(id);
  const making = unfinished(id);
  await mkdir(making, { mode: 0o700 });
  await writeFile(join(making, OWNER), owner());
  await mkdir(join(making, 'agents'));
  await rename(making, folder);
  return folder;
}

/** Also one that was not made to its end. That there is none is no error. */
export async function removeFolder(id: string): Promise<void> {
  await takeAway(id, id);
  await rm(unfinished(id), { recursive: true, force: true });
}

/** Removes those whose owners have ended, and says whose they were; others', and what we may not read, are left. */
export async function sweepFolders(): Promise<string[]> {
  const names = await readdir(tmpdir()).catch(() => []);
  const all = names.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
  const swept = await Promise.all(all.map(async (name) => ((await isLeft(name)) ? sweepOne(name) : [])));
  return [...new Set(swept.flat())];
}

/** Nothing where somebody else was there before us. */
async function sweepOne(name: string): Promise<string[]> {
  const id = name.replace(/\..*/s, '');
  if (!(await takeAway(name, id))) return [];
  await rm(unfinished(id), { recursive: true });
  return [id];
}

/** False where it is not there any more. */
async function takeAway(name: string, id: string): Promise<boolean> {
  try {
    await rename(folderOf(name), unfinished(id));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** `name` is a lab's id, with whoever makes or removes it behind a dot while it is not whole. */
async function isLeft(name: string): Promise<boolean> {
  const [, someone] = /\.(.*)$/s.exec(name) ?? [];
  try {
    await readdir(folderOf(name)); // Another's cannot be, nor removed.
    if (someone) return isDeadInName(someone);
    return isDead(await readFile(join(folderOf(name), OWNER), 'utf8'));
  } catch {
    return false;
  }
}
