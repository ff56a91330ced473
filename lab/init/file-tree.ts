/**
 * The file tree of one host: the machine's, read-only, with private layers over it that take every write, and folders
 * that are the host's alone. It is made once, by the thread that has just entered the host's new mount namespace.
 */
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MOUNT, makeReadOnly, mount, unmount } from './kernel.ts';

/** Empty for each host, as far as the machine has them. */
const OWN: readonly { folder: string; mode: string }[] = [
  { folder: '/tmp', mode: '1777' },
  { folder: '/var/tmp', mode: '1777' },
  { folder: '/dev/shm', mode: '1777' },
  { folder: '/srv', mode: '755' },
  { folder: '/run', mode: '755' },
];
/** Kernel's own trees, and those above that lie at the top: nothing is laid over them. */
const NOT_LAID_OVER = ['/dev', '/proc', '/sys', ...OWN.map(({ folder }) => folder)];
/** Where the layers are kept while they are put together; nobody sees them afterwards. */
const LAYERS = '/run';

export interface FileTree {
  /** Folders and files of the machine that stay where they are, though they may lie in a folder of the host's own. */
  keep: readonly string[];
  /** Folders of the machine that programs must not see: they are empty here. */
  hide: readonly string[];
}

/** What does not change while a lab is up, found out once: which top folders get one layer. */
export interface Ground {
  layered: readonly string[];
}

/** A folder with another file system below it gets no layer (its inside would be hidden): it is read-only. */
export function lookAround(): Ground {
  const points = mountPoints();
  const layered = readdirSync('/', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `/${name}`)
    .filter((folder) => !NOT_LAID_OVER.includes(folder))
    // Containers have single files of /etc mounted over it: the host's own take their place anyway.
    .filter((folder) => folder === '/etc' || !points.some((point) => point.startsWith(`${folder}/`)));
  return { layered };
}

/** Field 5 of a line (proc_pid_mountinfo(5)); white space is in octal there. */
function mountPoints(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.map((line) =>
    line.split(' ')[4]!.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
  );
}

/** `folders` are those of the scenario's files: the nearest that exists gets a layer where it has none. */
export function makeFileTree(
  { keep, hide }: FileTree,
  { layered }: Ground,
  folders: readonly string[],
): void {
  const own = OWN.filter(({ folder }) => existsSync(folder));
  const kept = keepOpen(keep.filter((path) => own.some(({ folder }) => path.startsWith(`${folder}/`))));
  try {
    makeReadOnly('/');
    mount('tmpfs', LAYERS, 'tmpfs', 0, 'mode=755');
    const more = folders.map(existing).filter((folder) => !covered(folder, layered, own));
    [...layered, ...new Set(more)].forEach(layOver);
    unmount(LAYERS);
    for (const { folder, mode } of own)
      mount('tmpfs', folder, 'tmpfs', MOUNT.noSetuid | MOUNT.noDevices, `mode=${mode}`);
    for (const { path, file, isFolder } of kept) bringBack(path, file, isFolder);
  } finally {
    for (const { file } of kept) closeSync(file);
  }
  for (const folder of hide)
    if (existsSync(folder)) mount('tmpfs', folder, 'tmpfs', MOUNT.readOnly, 'mode=555');
  // The folder that the file server gives out where nothing else is said: there, and empty.
  if (existsSync('/srv')) mkdirSync('/srv/files', { recursive: true });
  terminals();
}

function keepOpen(paths: readonly string[]): { path: string; file: number; isFolder: boolean }[] {
  return paths.map((path) => ({ path, file: openSync(path, 'r'), isFolder: lstatSync(path).isDirectory() }));
}

function bringBack(path: string, file: number, isFolder: boolean): void {
  mkdirSync(isFolder ? path : dirname(path), { recursive: true });
  if (!isFolder) writeFileSync(path, '');
  mount(`/proc/self/fd/${file}`, path, null, MOUNT.bind | MOUNT.recursive);
  mount('', path, null, MOUNT.bind | MOUNT.remount | MOUNT.readOnly);
}

/** The nearest folder above a path that the machine has. */
export function existing(folder: string): string {
  let found = folder;
  while (!existsSync(found)) found = dirname(found);
  return found;
}

function covered(folder: string, layered: readonly string[], own: readonly { folder: string }[]): boolean {
  const over = [...layered, ...own.map((one) => one.folder)];
  return over.some((one) => folder === one || folder.startsWith(`${one}/`));
}

/** The kernel wants `userxattr` in a user namespace and may not know it outside one. */
function layOver(folder: string, index: number): void {
  const [upper, work] = [`${LAYERS}/${index}/upper`, `${LAYERS}/${index}/work`];
  mkdirSync(upper, { recursive: true });
  mkdirSync(work);
  const options = `lowerdir=${folder.replaceAll(/[\\:,]/g, '\\$&')},upperdir=${upper},workdir=${work}`;
  try {
    mount('overlay', folder, 'overlay', 0, `${options},userxattr`);
  } catch {
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
export function ownFile(path: string, content: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o644 });
}
