/** Why a program could not be started, as shells say it: a name that is in no folder of PATH is not there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from './failures.ts';
import type { NetworkFailure } from './protocol.ts';

/**
 * execvp(3) says EACCES as soon as one folder of PATH may not be searched, though the name is in none of them. Root of
 * a host is nobody on the machine, and root's PATH may name folders below /root.
 */
export function notStarted(error: unknown, start: number, path = process.env.PATH ?? ''): NetworkFailure {
  const { code, path: name } = error as NodeJS.ErrnoException;
  const isThere = (folder: string) => existsSync(join(folder, name!));
  if (code !== 'EACCES' || !name || name.includes('/') || path.split(':').some(isThere))
    return failure(error, 'exec', start);
  const absent = Object.assign(new Error(`spawn ${name} ENOENT`), { code: 'ENOENT', syscall: 'spawn' });
  return failure(absent, 'exec', start);
}
