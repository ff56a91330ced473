/**
 * The file tree of one host: the ground that all stand on (ground.ts), with private layers over it that take every
 * write, and folders that are the host's alone. It is made once, by the thread that has just entered the host's new
 * mount namespace.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MOUNT, makeReadOnly, mount, unmount } from './kernel.ts';
import type { Ground } from './layers.ts';

/** Folders that are empty on each host, as far as the machine has them. */
export const OWN: readonly { folder: string; mode: string }[] = [
  { folder: '/tmp', mode: '1777' },
  { folder: '/var/tmp', mode: '1777' },
  { folder: '/dev/shm', mode: '1777' },
  { folder: '/srv', mode: '755' },
  { folder: '/run', mode: '755' },
];
/** Where the layers are kept while they are put together; nobody sees them afterwards. */
export const LAYERS = '/run';

/**
 * `folders` are those of the scenario's files. For each, the nearest folder that exists gets a layer of its own. Deep in
 * another layer it would belong to its owner on the machine, and root of a host is not root there.
 */
export function makeFileTree({ keep, layered }: Ground, folders: readonly string[]): void {
  const own = OWN.filter(({ folder }) => existsSync(folder));
  const kept = openKept(keep);
  mount('tmpfs', LAYERS, 'tmpfs', 0, 'mode=755');
  const more = folders.map(existing).filter((folder) => !own.some((one) => within(folder, one.folder)));
  // Folders nearest to the top come first. Each layer lies on the ground, at the depth of its folder.
  const over = [...new Set([...layered, ...more])].sort((a, b) => a.length - b.length);
  over.map(layer).forEach(layOver);
  unmount(LAYERS);
  for (const { folder, mode } of own)
    mount('tmpfs', folder, 'tmpfs', MOUNT.noSetuid | MOUNT.noDevices, `mode=${mode}`);
  kept.forEach(bringBack);
  // The default folder of the file server exists and is empty.
  if (existsSync('/srv')) mkdirSync('/srv/files', { recursive: true });
  terminals();
  // This one shows the lab's processes. Process 1 of the host mounts one with the host's.
  unmount('/proc');
}

interface Kept {
  path: string;
  file: number;
  isFolder: boolean;
}

/** Opens the paths that lie in a folder of the host's own, before that folder covers them. */
export function openKept(paths: readonly string[]): Kept[] {
  return paths
    .filter((path) => OWN.some(({ folder }) => path.startsWith(`${folder}/`)) && existsSync(path))
    .map((path) => ({ path, file: openSync(path, 'r'), isFolder: statSync(path).isDirectory() }));
}

export function bringBack({ path, file, isFolder }: Kept): void {
  mkdirSync(isFolder ? path : dirname(path), { recursive: true });
  if (!isFolder) writeFileSync(path, '');
  mount(`/proc/thread-self/fd/${file}`, path, null, MOUNT.bind | MOUNT.recursive);
  closeSync(file);
  makeReadOnly(path);
}

/** The nearest folder above a path that the machine has, with all links followed. */
function existing(folder: string): string {
  let found = folder;
  while (!existsSync(found)) found = dirname(found);
  return realpathSync(found);
}

export function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

interface Layer {
  folder: string;
  /** Where its parts are: `lower` is the folder as the ground has it. */
  at: string;
}

function layer(folder: string, index: number): Layer {
  const at = `${LAYERS}/${index}`;
  for (const part of ['lower', 'upper', 'work']) mkdirSync(`${at}/${part}`, { recursive: true });
  // A layer has the mode of its upper part: a folder that is closed to others stays closed.
  chmodSync(`${at}/upper`, statSync(folder).mode & 0o7777);
  mount(folder, `${at}/lower`, null, MOUNT.bind | MOUNT.recursive);
  return { folder, at };
}

function layOver({ folder, at }: Layer): void {
  overlay(folder, `lowerdir=${at}/lower,upperdir=${at}/upper,workdir=${at}/work`);
}

/** The kernel wants `userxattr` in a user namespace and may not know it outside one. */
export function overlay(folder: string, options: string): void {
  try {
    mount('overlay', folder, 'overlay', 0, `${options},userxattr`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    mount('overlay', folder, 'overlay', 0, options);
  }
}

/** Pseudo-terminals of the host's own, with its own numbers. */
function terminals(): void {
  if (!existsSync('/dev/pts')) return;
  mount('devpts', '/dev/pts', 'devpts', 0, 'newinstance,ptmxmode=0666,mode=620');
  if (!lstatSync('/dev/ptmx').isSymbolicLink()) mount('/dev/pts/ptmx', '/dev/ptmx', null, MOUNT.bind);
}

/** A file of the host's own in the place of the machine's, which may be a link. */
export function ownFile(path: string, content: string | Uint8Array, mode = 0o644): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode });
  // The umask may have taken permissions from the new file.
  chmodSync(path, mode);
}
