/** Finds the control group of the machine in which the programs of a lab may get groups, of either version (cgroups(7)). */
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Lacking } from '../../agent/protocol.ts';

/** A group that may get groups of ours. */
export interface Parent {
  version: 1 | 2;
  folder: string;
  /** The group of this process, in which its labs begin. */
  home: string;
}

export const LACKING: Lacking = {
  why: 'no control group of the machine can be made for a program',
  hint: 'run as root, or in a group whose `cpu` controller is delegated to you (systemd-run --user --scope -p Delegate=yes), or use another engine',
};

/** The nearest group above this process in which another group can have a limit. */
export function findParent(): Parent | Lacking {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'utf8');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    return parentOf(groups, mounts) ?? LACKING;
  } catch {
    return LACKING;
  }
}

/** By the lines of /proc/self/cgroup and of /proc/self/mountinfo. */
export function parentOf(groups: string, mounts: string): Parent | undefined {
  return ofVersion1(groups, mounts) ?? ofVersion2(groups, mounts);
}

/** For root alone: a process of another user cannot be moved there, and a program is another user. */
function ofVersion1(groups: string, mounts: string): Parent | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const own = /^\d+:(?:[^:\n]*,)?cpu(?:,[^:\n]*)?:(.*)$/m.exec(groups)?.[1];
  const mounted = mountOf(mounts, (type, options) => type === 'cgroup' && options.split(',').includes('cpu'));
  const home = own !== undefined && mounted && within(mounted, own);
  if (!home || !mayWrite(home) || !mayWrite(join(home, 'cgroup.procs'))) return undefined;
  return { version: 1, folder: home, home };
}

/** A group with processes of its own gives none to the groups in it, except the root. So ours are beside it, or above. */
function ofVersion2(groups: string, mounts: string): Parent | undefined {
  const own = /^0::(.*)$/m.exec(groups)?.[1];
  const mounted = mountOf(mounts, (type) => type === 'cgroup2');
  const home = own !== undefined && mounted && within(mounted, own);
  if (!home) return undefined;
  for (let folder = home; folder.startsWith(mounted.at); folder = dirname(folder)) {
    const controllers = readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
    // To move a process, one may write to the nearest group above both of its groups.
    if (controllers.includes('cpu') && mayWrite(folder) && mayWrite(join(folder, 'cgroup.procs')))
      return { version: 2, folder, home };
  }
  return undefined;
}

interface Mounted {
  /** The group that is mounted. */
  root: string;
  at: string;
}

/** `25 30 0:23 /ROOT /AT rw,nosuid - TYPE SOURCE OPTIONS` (proc_pid_mountinfo(5)). */
function mountOf(mounts: string, is: (type: string, options: string) => boolean): Mounted | undefined {
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '', at = ''] = before.split(' ');
    const [type = '', , options = ''] = after.split(' ');
    if (is(type, options)) return { root, at };
  }
  return undefined;
}

function within({ root, at }: Mounted, group: string): string | undefined {
  const inside = root === '/' ? group : group.slice(root.length);
  const covers = root === '/' || group === root || group.startsWith(`${root}/`);
  return covers ? resolve(at, `.${inside}`) : undefined;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
