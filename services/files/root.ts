/** A root folder: a name inside it → an open file, or why not. Nothing outside is ever opened for reading. */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';

/** Why a name gets no byte. `invalid` is a name no file can have, or a thing that is no file. */
export type Refusal = 'missing' | 'folder' | 'outside' | 'invalid' | 'unreadable';
export type Found =
  | { readonly file: FileHandle; readonly name: string; readonly size: number }
  | { readonly refusal: Refusal; readonly name: string };

/** `root` is a real path: absolute and without symbolic links. The caller closes `file`. */
export async function openInside(root: string, wanted: Buffer): Promise<Found> {
  const name = wanted.toString('utf8');
  const refusal = wrongName(wanted, name);
  if (refusal !== undefined) return { refusal, name };
  try {
    const path = await realpath(join(root, name));
    if (!isInside(root, path)) return { refusal: path === root ? 'folder' : 'outside', name };
    // Not blocking, since opening a FIFO would wait for a writer; not following, since the last part may have
    // become a link since it was looked at.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return await checked(root, file, name);
  } catch (error) {
    return { refusal: refusalOf(error), name };
  }
}

async function checked(root: string, file: FileHandle, name: string): Promise<Found> {
  let refusal: Refusal;
  try {
    const stats = await file.stat();
    // A folder on the way may also have become a link: what was opened is what counts.
    const inside = isInside(root, await readlink(`/proc/self/fd/${file.fd}`));
    if (inside && stats.isFile()) return { file, name, size: stats.size };
    refusal = !inside ? 'outside' : stats.isDirectory() ? 'folder' : 'invalid';
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return { refusal, name };
}

function wrongName(wanted: Buffer, name: string): Refusal | undefined {
  if (name === '' || wanted.includes(0) || !Buffer.from(name).equals(wanted)) return 'invalid';
  return isAbsolute(name) || name.split('/').includes('..') ? 'outside' : undefined;
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function refusalOf(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  // ENXIO: a socket in the file system, or a FIFO without a reader.
  if (code === 'ENAMETOOLONG' || code === 'ELOOP' || code === 'ENXIO') return 'invalid';
  return 'unreadable';
}
