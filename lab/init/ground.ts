/**
 * What the file trees of a lab's hosts begin with: the machine's tree, read-only, without what no host may see. It is
 * locked: not even root of a host can take a mount of it away or make it writable, for it went through a second user
 * namespace, and the kernel never undoes what a namespace was given by another (mount_namespaces(7)).
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
  /** They stay where they are, though they may lie in a folder of the host's own. */
  keep: readonly string[];
  /** Programs must not see them: they are empty here. */
  hide: readonly string[];
  /** False where there is no user namespace: root of a host is the machine's, whom nothing can be locked for. */
  lock: boolean;
}

/**
 * The kernel's own trees, those that lie at the top of a host's own, and where nobody writes unless a scenario puts a file
 * there: nothing is laid over them, since each layer of each host has its cost.
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
 * This thread, which has a root folder of its own already, has the ground as its file tree from now on, and the lab's
 * processes in its /proc. Other threads, and what they do for this one, stay where they are.
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
 * Containers have single files mounted over some of /etc. They are locked, and no layer can be laid over what has a locked
 * mount in it: so the ground has a copy.
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
 * No layer can be laid over a folder that has a locked mount in it: there an empty file takes the place of what is hidden.
 * The files of a container are an overlay already, and the kernel lays two over each other, not three: there hosts get no
 * layer of that folder. Returns the folders that hosts can have a layer of.
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
 * Under the /proc and /sys of a host lie those of namespaces in which nothing is. They are writable, since the kernel
 * lets nobody mount one that shows more, or may do more, than the one that is there. In a container /sys is read-only.
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
 * A folder with another file system below it gets no layer (its inside would be hidden): it is read-only. /var has a folder of
 * the host's own in it, which is locked, and no layer can be laid over what has a locked mount in it: its parts get one each.
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
      // Of /etc the ground has a copy where there are mounts in it.
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
