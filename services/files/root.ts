/** A root folder: a name inside it → an open file or folder, or why not. Nothing outside is ever opened for reading. */
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';

/** Why a name gets no byte. `invalid` is a name no file can have, or a thing that is no file. */
export type Refusal = 'missing' | 'folder' | 'outside' | 'invalid' | 'unreadable' | 'busy';
export interface Refused {
  readonly refusal: Refusal;
  readonly name: string;
}
/** The caller closes `file`. */
export interface OpenFile {
  readonly file: FileHandle;
  readonly name: string;
  readonly size: number;
  readonly stats: BigIntStats;
}
/** The caller closes `folder`. */
export interface OpenFolder {
  readonly folder: FileHandle;
  readonly name: string;
}
export type Found = OpenFile | Refused;

/** Names a file without opening it (open(2), Linux): a device or a FIFO does not notice that somebody looks. */
const O_PATH = 0o10000000;

/** `root` is a real path: absolute and without symbolic links. A folder is refused. */
export async function openInside(root: string, wanted: Buffer): Promise<Found> {
  const found = await openAny(root, wanted);
  if (!('folder' in found)) return found;
  await found.folder.close();
  return { refusal: 'folder', name: found.name };
}

/** As {@link openInside}, and a folder is found too; the root itself is `.`. */
export async function openAny(root: string, wanted: Buffer): Promise<OpenFile | OpenFolder | Refused> {
  const name = wanted.toString('utf8');
  const refusal = wrongName(wanted, name);
  if (refusal !== undefined) return { refusal, name };
  try {
    const path = await realpath(join(root, name));
    if (!isInside(root, path)) return { refusal: 'outside', name };
    // Not following, since the last part may have become a link since it was looked at.
    const place = await open(path, O_PATH | constants.O_NOFOLLOW);
    try {
      return await opened(root, place, name);
    } finally {
      await place.close();
    }
  } catch (error) {
    return { refusal: refusalOf(error), name };
  }
}

/** The path under which this process has a file open: it leads to that file, whatever has its name by now. */
export function pathOf(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** Whether a real path is the root or below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

async function opened(
  root: string,
  place: FileHandle,
  name: string,
): Promise<OpenFile | OpenFolder | Refused> {
  const stats = await place.stat({ bigint: true });
  // A folder on the way may also have become a link: what the handle leads to is what counts.
  if (!isInside(root, await readlink(pathOf(place)))) return { refusal: 'outside', name };
  if (stats.isDirectory()) {
    return { folder: await open(pathOf(place), constants.O_RDONLY | constants.O_DIRECTORY), name };
  }
  if (!stats.isFile()) return { refusal: 'invalid', name };
  return { file: await open(pathOf(place), constants.O_RDONLY), name, size: Number(stats.size), stats };
}

function wrongName(wanted: Buffer, name: string): Refusal | undefined {
  if (name === '' || wanted.includes(0) || !Buffer.from(name).equals(wanted)) return 'invalid';
  return isAbsolute(name) || name.split('/').includes('..') ? 'outside' : undefined;
}

function refusalOf(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'ENAMETOOLONG' || code === 'ELOOP') return 'invalid';
  if (code === 'EMFILE' || code === 'ENFILE') return 'busy';
  return 'unreadable';
}
