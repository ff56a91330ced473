/** Takes away what labs have left whose owners have gone. */
import type Docker from 'dockerode';
import type { UpOptions } from '../engine.ts';
import { sweepFolders } from '../lab-folders.ts';
import { connect, explain } from './connection.ts';
import { sweepWith, takeDown } from './take-down.ts';

/**
 * Removes what labs left whose owners have ended without taking them down, and what is left of these; all their ids.
 * Folders last: of what is in Docker another command may have made an end, or it was never made.
 */
export async function sweep(ids: readonly string[] = [], docker = connect()): Promise<string[]> {
  const swept = await sweepWith(docker);
  for (const id of ids) await takeDown(docker, id);
  return [...new Set([...swept, ...ids, ...(await sweepFolders())])];
}

/** What an earlier lab left may hold a subnet of this one. If it cannot be removed, that is not this lab's failure. */
export async function sweepFirst(docker: Docker, progress: UpOptions['progress']): Promise<void> {
  try {
    for (const id of await sweep([], docker)) progress(`removed what ${id} had left`);
  } catch (error) {
    const refused = explain(error, 'look for what earlier labs left');
    if (refused.code === 'no-engine') throw refused;
    progress(refused.message);
  }
}
