/** The owner of a lab: one process, told apart from every other that ever had its number. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** `<boot id>/<process namespace>:<pid>:<start time>` of this process: no other process ever has the same. */
export function owner(pid = process.pid): string {
  return `${world()}:${pid}:${startTime(pid) ?? ''}`;
}

/**
 * Has this owner ended for sure? An owner of another boot, of another machine or behind another process
 * namespace (a dev container on the same engine) cannot be looked at from here. Such an owner counts as alive.
 */
export function isDead(label: string): boolean {
  const [, where, pid, started] = /^(.*):(\d+):(\d*)$/.exec(label) ?? [];
  if (where !== world()) return false;
  return startTime(Number(pid)) !== started;
}

/** This process, as a part of a file's name. */
export function ownerInName(): string {
  return encodeURIComponent(owner());
}

/** Whether the owner in such a part has ended; false for any other text. */
export function isDeadInName(part: string): boolean {
  try {
    return isDead(decodeURIComponent(part));
  } catch {
    return false;
  }
}

/** The world in which pids mean the same processes. */
function world(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return hostname();
  }
}

/** In clock ticks after boot (proc_pid_stat(5), field 22); empty where there is no /proc; undefined once it has ended. */
function startTime(pid: number): string | undefined {
  if (process.platform !== 'linux') return runs(pid) ? '' : undefined;
  try {
    // The second field is the program's name in parentheses, and may hold any character.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(state) ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
