/** Waits until a file changes, also where an editor puts a new one in its place. */
import { watch } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds in which an editor that empties a file before it writes is done with it. */
const SETTLED = 50;

/** True at the first change, false when the signal is aborted first. */
export async function changed(files: readonly string[], signal: AbortSignal): Promise<boolean> {
  const controller = new AbortController();
  const either = AbortSignal.any([signal, controller.signal]);
  try {
    return await Promise.race(files.map((file) => fileChanged(resolve(file), either)));
  } finally {
    controller.abort();
  }
}

/** Watches the folder of the file, because a file that is replaced is another file. */
async function fileChanged(file: string, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const { filename } of watch(dirname(file), { signal })) {
      if (filename === basename(file)) {
        await setTimeout(SETTLED);
        return true;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return false;
}
