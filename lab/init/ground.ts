/**
 * The ground of the file trees of a lab's hosts: the machine's tree, read-only, without the parts that no host may see. It
 * is locked: not even root of a host can take a mount of it away or make it writable. For that it has gone through a second
 * user namespace: the kernel locks the mounts that a namespace gets from another (mount_namespaces(7)).
 */
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { spawn } from '../agent/spawn.ts';
import { copyReadable } from './copy.ts';
import { bringBack, LAYERS, OWN, openKept, overlay, within } from './file-tree.ts';
import { enter, leaveFor, MOUNT, makeReadOnly, makeWritable, mount, unmount } from './kernel.ts';
import type { Ground } from './layers.ts';
import { allowWritableSysfs } from './sysfs.ts';

/** Folders and files of the machine, and what becomes of them on every host. */
export interface Machine {
  /** Paths that stay where they are, also in a folder of the host's own. */
  keep: readonly string[];
  /** Paths that programs must not see: they are empty here. */
  hide: readonly string[];
  /** False where there is no user namespace: root of a host is root of the machine, and no lock holds against it. */
  lock: boolean;
}

/**
 * Folders that get no layer, since each layer of each host has its cost. They are the kernel's own trees, the folders that
 * a host has of its own, and folders where nobody writes unless a scenario puts a file there.
 */
const NOT_LAID_OVER = [
  '/dev',
  '/proc',
  '/sys',
  '/boot',
  '/lost+found',
  '/media',
  '/mnt',
  ...OWN.map(({ folder }) => folder),
];
/** Where programs keep what changes (FHS, chapter 5). */
const VARIABLE = ['/var/cache', '/var/lib', '/var/log', '/var/spool'];
/** The queues of the machine's own programs (mq_overview(7)). */
const QUEUES = '/dev/mqueue';
/** The type of an overlay file system (statfs(2)). */
const OVERLAY = 0x794c7630;

/**
 * From now on this thread has the ground as its file tree, and the lab's processes in its /proc. It must have a root folder
 * of its own before. Other threads, and their work for this one, keep their file tree.
 */
export async function layGround({ keep, hide, lock }: Machine): Promise<Ground> {
  let layered: readonly string[] = layeredFolders();
  leaveFor(['mnt']);
  const kept = openKept(keep);
  makeReadOnly('/');
  if (mountPoints().some((point) => point.startsWith('/etc/'))) copyOver('/etc');
  for (const path of hide) if (existsSync(path)) layered = hideIn(layered, realpathSync(path));
  for (const { folder } of OWN.filter((own) => existsSync(own.folder))) {
    mount('tmpfs', folder, 'tmpfs', MOUNT.noSetuid | MOUNT.noDevices, 'mode=755');
  }
  kept.forEach(bringBack);
  for (const { folder } of OWN.filter((own) => existsSync(own.folder))) makeReadOnly(folder);
  if (existsSync(QUEUES)) cover(QUEUES);
  if (lock) await lockMounts();
  mount('proc', '/proc', 'proc');
  return { keep, layered };
}

/**
 * In a container, single files are mounted over files in /etc, and these mounts are locked. No layer can be laid over a
 * folder with a locked mount in it, so the ground has a copy.
 */
function copyOver(folder: string): void {
  mount('tmpfs', LAYERS, 'tmpfs', 0, 'mode=755');
  copyReadable(folder, `${LAYERS}/copy`);
  mount(`${LAYERS}/copy`, folder, null, MOUNT.bind);
  makeReadOnly(folder);
  unmount(LAYERS);
}

function cover(folder: string): void {
  mount('tmpfs', folder, 'tmpfs', MOUNT.readOnly, 'mode=555');
}

/**
 * Hides a path. No layer can be laid over a folder that has a locked mount in it, so an empty file takes the place of the
 * hidden one. The files of a container are an overlay already, and the kernel lays two over each other, not three: there
 * hosts get no layer of that folder. Returns the folders that hosts can have a layer of.
 */
function hideIn(layered: readonly string[], path: string): readonly string[] {
  const top = layered.find((folder) => within(path, folder));
  if (top === undefined || statfsSync(top).type === OVERLAY) {
    cover(path);
    return layered.filter((folder) => folder !== top);
  }
  mount('tmpfs', LAYERS, 'tmpfs', 0, 'mode=755');
  const instead = `${LAYERS}/over${path.slice(top.length)}`;
  mkdirSync(dirname(instead), { recursive: true });
  writeFileSync(instead, '');
  mkdirSync(`${LAYERS}/machine`);
  mount(top, `${LAYERS}/machine`, null, MOUNT.bind | MOUNT.recursive);
  overlay(top, `lowerdir=${LAYERS}/over:${LAYERS}/machine`);
  makeReadOnly(top);
  unmount(LAYERS);
  return layered;
}

/**
 * The /proc and /sys of empty namespaces lie under those of a host. They are writable, since the kernel lets nobody mount a
 * /proc or /sys that shows more, or permits more, than the one that is there. In a container /sys is read-only.
 */
const SYS = '{ mount -t sysfs sysfs /sys 2>/dev/null || mount -t sysfs -o ro sysfs /sys; }';
const EMPTY = `mount -t proc proc /proc && ${SYS} && echo ready && read -r _`;

async function lockMounts(): Promise<void> {
  makeWritable('/proc');
  allowWritableSysfs();
  const spaces = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount'];
  const holder = spawn('unshare', [...spaces, '--', 'sh', '-c', EMPTY], { cwd: '/', stdio: 'pipe' });
  let words = '';
  holder.stderr.on('data', (chunk: Buffer) => {
    words += chunk;
  });
  const failed = once(holder, 'close').then(() => {
    throw new Error(`the machine's mounts cannot be locked: ${words.trim()}`);
  });
  failed.catch(() => {});
  await Promise.race([once(holder.stdout as Readable, 'data'), failed]);
  const file = openSync(`/proc/${holder.pid}/ns/mnt`, 'r');
  enter(file, 'mnt');
  closeSync(file);
  leaveFor(['mnt']);
  holder.stdin.end();
}

/**
 * The folders that get a layer. A folder with another file system below it gets none (a layer would hide that), and is
 * read-only. No layer can be laid over /var, because a folder of the host's own in it is a locked mount: its parts get one
 * each.
 */
function layeredFolders(): string[] {
  const points = mountPoints();
  const tops = readdirSync('/', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `/${name}`)
    .filter((folder) => !NOT_LAID_OVER.includes(folder));
  const parts = tops.includes('/var') ? VARIABLE.filter((folder) => existsSync(folder)) : [];
  return (
    [...tops.filter((folder) => folder !== '/var'), ...parts]
      // The ground has a copy of /etc where there are mounts in it.
      .filter((folder) => folder === '/etc' || !points.some((point) => point.startsWith(`${folder}/`)))
  );
}

/** Field 5 of a line (proc_pid_mountinfo(5)); white space is in octal there. */
function mountPoints(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.map((line) =>
    line.split(' ')[4]!.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8))),
  );
}
