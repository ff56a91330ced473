/** The lock of the state folder: code that looks at the folder and then writes there holds it, one at a time. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from '../agent/patience.ts';
import { isDead, owner } from '../engines/owner.ts';
import { LabError } from '../errors.ts';
import { draftOf } from './drafts.ts';
import { makeStateFolder } from './state.ts';

/** Milliseconds between two looks, and milliseconds after which a living holder is taken to hang. */
const LOOK = 20;
const LOCKED_AT_MOST = 10_000;

export async function withLock<T>(work: () => Promise<T>): Promise<T> {
  const folder = await makeStateFolder();
  const lock = join(folder, 'lock');
  const mine = draftOf(lock);
  await writeFile(mine, owner());
  try {
    await take(lock, mine);
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** A new link has its content from the start: nobody ever reads a lock without its holder's name. */
async function take(lock: string, mine: string): Promise<void> {
  for (
    const deadline = performance.now() + patient(LOCKED_AT_MOST);
    performance.now() < deadline;
    await pause(LOOK)
  ) {
    if (await linked(mine, lock)) return;
    const holder = await readFile(lock, 'utf8').catch(() => undefined);
    if (holder !== undefined && isDead(holder)) await rm(lock, { force: true });
  }
  throw new LabError('usage', `another command holds ${lock}`, { hint: 'let it end, or remove that file' });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
