/** The folder of the scenario that is being read, for values that are paths. Reading awaits nothing, so there is one at a time. */
import { dirname } from 'node:path';

let folder = '.';

export function folderOfScenario(): string {
  return folder;
}

/** Reads with paths that are relative to the folder of this file. */
export function readBeside<T>(file: string, read: () => T): T {
  const before = folder;
  folder = dirname(file);
  try {
    return read();
  } finally {
    folder = before;
  }
}
