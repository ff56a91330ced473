/** A lab's folder on this machine: its compose file and its agents' sockets. It outlives its owner where that is killed. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDead, owner } from '../owner.ts';

const PREFIX = 'lanlab-';
const OWNER = 'owner';

export function folderOf(id: string): string {
  return join(tmpdir(), `${PREFIX}${id}`);
}

/** The agents' sockets go to `agents` in it. */
export async function makeFolder(id: string): Promise<string> {
  const folder = folderOf(id);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, OWNER), owner());
  await mkdir(join(folder, 'agents'));
  return folder;
}

export async function removeFolder(id: string): Promise<void> {
  await rm(folderOf(id), { recursive: true, force: true });
}

/** Removes those whose owners have ended, and says whose they were; others', and what we may not read, are left. */
export async function sweepFolders(): Promise<string[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  const ids = names.map((name) => name.slice(PREFIX.length));
  const dead = await Promise.all(ids.map(async (id) => ({ id, gone: await isLeft(id) })));
  const left = dead.filter(({ gone }) => gone).map(({ id }) => id);
  await Promise.all(left.map(removeFolder));
  return left;
}

async function isLeft(id: string): Promise<boolean> {
  try {
    return isDead(await readFile(join(folderOf(id), OWNER), 'utf8'));
  } catch {
    return false;
  }
}
