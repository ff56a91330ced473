/**
 * System calls that act on the thread that makes them, so that no other program can make them for us. A thread enters
 * namespaces (setns(2), unshare(2)) and mounts their file systems (mount(2), mount_setattr(2)).
 */
import { constants } from 'node:os';
import koffi from 'koffi';

const libc = koffi.load(null);
const calls = {
  setns: libc.func('int setns(int fd, int nstype)'),
  unshare: libc.func('int unshare(int flags)'),
  mount: libc.func('int mount(str source, str target, str type, ulong flags, str data)'),
  umount2: libc.func('int umount2(str target, int flags)'),
  pipe2: libc.func('int pipe2(_Out_ int *files, int flags)'),
  fcntl: libc.func('int fcntl(int file, int command, int value)'),
  sethostname: libc.func('int sethostname(str name, size_t length)'),
  syscall: libc.func(
    'long syscall(long number, int folder, str path, uint flags, void *attributes, size_t size)',
  ),
};

const ERRNO = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Namespaces by the name they have in /proc/PID/ns, with their flag (sched.h). */
export const NAMESPACES = {
  net: 0x4000_0000,
  mnt: 0x0002_0000,
  uts: 0x0400_0000,
  ipc: 0x0800_0000,
  pid: 0x2000_0000,
} as const;
export type NamespaceKind = keyof typeof NAMESPACES;

/** Flags of mount(2). */
export const MOUNT = {
  readOnly: 1,
  noSetuid: 2,
  noDevices: 4,
  bind: 4096,
  recursive: 16_384,
} as const;

const CLONE_FS = 0x200;
const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;
const MNT_DETACH = 2;
/** The same number on every architecture. */
const MOUNT_SETATTR = 442;
const AT_FDCWD = -100;
const AT_RECURSIVE = 0x8000;
const MOUNT_ATTR_RDONLY = 1;

/** `ENOENT` for 2. */
export function errnoName(number: number): string {
  return ERRNO.get(number) ?? `errno ${number}`;
}

/** Throws an Error with the kernel's `code` where a call was refused. */
function refusing(result: number, what: string): void {
  if (result >= 0) return;
  const code = errnoName(koffi.errno());
  throw Object.assign(new Error(`${what}: ${code}`), { code });
}

/** From now on this thread has a root folder and a current folder of its own, as setns(2) wants for mounts. */
export function standAlone(): void {
  refusing(calls.unshare(CLONE_FS), 'unshare(CLONE_FS)');
}

/** New namespaces for this thread; a new process namespace is for the processes that it starts. */
export function leaveFor(kinds: readonly NamespaceKind[]): void {
  const flags = kinds.reduce((all, kind) => all | NAMESPACES[kind], 0);
  refusing(calls.unshare(flags), `unshare(${kinds.join(', ')})`);
}

/** `file` is an open /proc/PID/ns/KIND. */
export function enter(file: number, kind: NamespaceKind): void {
  refusing(calls.setns(file, NAMESPACES[kind]), `setns(${kind})`);
}

export function mount(source: string, target: string, type: string | null, flags = 0, data = ''): void {
  refusing(calls.mount(source, target, type, flags, data), `mount ${source} on ${target}`);
}

/** The mount is out of sight at once, and gone from the kernel when nobody uses it any more. */
export function unmount(target: string): void {
  refusing(calls.umount2(target, MNT_DETACH), `umount ${target}`);
}

/** Makes every mount below `folder` read-only, as this thread sees them (Linux 5.12). */
export function makeReadOnly(folder: string): void {
  setAttribute(folder, AT_RECURSIVE, { set: MOUNT_ATTR_RDONLY, clear: 0 });
}

/** Makes one mount writable, unless this user namespace was given it read-only. */
export function makeWritable(folder: string): void {
  setAttribute(folder, 0, { set: 0, clear: MOUNT_ATTR_RDONLY });
}

function setAttribute(folder: string, flags: number, { set, clear }: { set: number; clear: number }): void {
  const attributes = Buffer.alloc(32);
  attributes.writeBigUInt64LE(BigInt(set), 0);
  attributes.writeBigUInt64LE(BigInt(clear), 8);
  const result = calls.syscall(MOUNT_SETATTR, AT_FDCWD, folder, flags, attributes, attributes.length);
  refusing(result, `mount_setattr ${folder}`);
}

/**
 * A pipe that holds so many bytes, or as many as this user may have. A read of an empty pipe does not wait unless `waits` is
 * true. A new process does not inherit the pipe by itself.
 */
export function makePipe(bytes: number, waits = false): { readable: number; writable: number } {
  const files = [0, 0];
  refusing(calls.pipe2(files, O_CLOEXEC), 'pipe2');
  const [readable = 0, writable = 0] = files;
  if (!waits) calls.fcntl(readable, F_SETFL, O_NONBLOCK);
  calls.fcntl(writable, F_SETPIPE_SZ, bytes);
  return { readable, writable };
}

export function setHostname(name: string): void {
  refusing(calls.sethostname(name, Buffer.byteLength(name)), `sethostname ${name}`);
}
