/** Removes the remains of labs whose owners have ended. */
import type Docker from 'dockerode';
import type { UpOptions } from '../engine.ts';
import { sweepFolders } from '../lab-folders.ts';
import { connect, explain } from './connection.ts';
import { sweepWith, takeDown } from './take-down.ts';

/**
 * Removes the remains of labs whose owners have ended, and of the labs with these ids. Returns the ids of all. Folders come
 * last. A folder may be all that is left: another command has removed the lab's Docker objects, or they were never made.
 */
export async function sweep(ids: readonly string[] = [], docker = connect()): Promise<string[]> {
  const swept = await sweepWith(docker);
  for (const id of ids) await takeDown(docker, id);
  return [...new Set([...swept, ...ids, ...(await sweepFolders())])];
}

/** Remains of an earlier lab may hold a subnet of this one. If they cannot be removed, that is not this lab's failure. */
export async function sweepFirst(docker: Docker, progress: UpOptions['progress']): Promise<void> {
  try {
    for (const id of await sweep([], docker)) progress(`removed what ${id} had left`);
  } catch (error) {
    const refused = explain(error, 'look for what earlier labs left');
    if (refused.code === 'no-engine') throw refused;
    progress(refused.message);
  }
}
