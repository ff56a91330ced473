/** A lab's folder on this machine: its compose file and its agents' sockets. It outlives its owner where that is killed. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDead, owner } from '../owner.ts';

const PREFIX = 'lanlab-';
const OWNER = 'owner';

export function folderOf(id: string): string {
  return join(tmpdir(), `${PREFIX}${id}`);
}

/**
 * The agents' sockets go to `agents` in it. It is there at once with its owner's word in it; until then the owner is in
 * its name, so that it is found whenever we are killed.
 */
export async function makeFolder(id: string): Promise<string> {
  const folder = folderOf(id);
  const making = `${folder}.${encodeURIComponent(owner())}`;
  await mkdir(making, { mode: 0o700 });
  await writeFile(join(making, OWNER), owner());
  await mkdir(join(making, 'agents'));
  await rename(making, folder);
  return folder;
}

export async function removeFolder(id: string): Promise<void> {
  await rm(folderOf(id), { recursive: true, force: true });
}

/** Removes those whose owners have ended, and says whose they were; others', and what we may not read, are left. */
export async function sweepFolders(): Promise<string[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  const all = names.map((name) => name.slice(PREFIX.length));
  const dead = await Promise.all(all.map(async (name) => ({ name, gone: await isLeft(name) })));
  const left = dead.filter(({ gone }) => gone).map(({ name }) => name);
  await Promise.all(left.map(removeFolder));
  return left.map((name) => name.replace(/\..*/s, ''));
}

/** `name` is a lab's id, with its owner behind a dot where it was still being made. */
async function isLeft(name: string): Promise<boolean> {
  const [, making] = /\.(.*)$/s.exec(name) ?? [];
  try {
    await readdir(folderOf(name)); // Another's cannot be, nor removed.
    return isDead(making ? decodeURIComponent(making) : await readFile(join(folderOf(name), OWNER), 'utf8'));
  } catch {
    return false;
  }
}
