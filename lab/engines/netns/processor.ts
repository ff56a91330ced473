/** Gives the program of a host a share of a processor, by a control group of the machine (cgroups(7)). */
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lacking } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';
import { descendants } from '../ahead.ts';
import type { RunningProgram } from '../engine.ts';
import { isDeadInName, ownerInName } from '../owner.ts';

/** A group that may get groups of ours. */
interface Parent {
  version: 1 | 2;
  folder: string;
  /** The group of this process, in which its labs begin. */
  home: string;
}

/** Microseconds in which a program may run for its share. */
const PERIOD = 100_000;
const PREFIX = 'lanlab-';

const LACKING: Lacking = {
  why: 'no control group of the machine can be made for a program',
  hint: 'run as root, or in a group whose `cpu` controller is delegated to you (systemd-run --user --scope -p Delegate=yes), or use another engine',
};

/** The nearest group above this process in which another group can have a limit. */
function findParent(): Parent | Lacking {
  try {
    const groups = readFileSync('/proc/self/cgroup', 'utf8');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    return ofVersion1(groups, mounts) ?? ofVersion2(groups, mounts) ?? LACKING;
  } catch {
    return LACKING;
  }
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
  if (root === '/') return join(at, group);
  return group === root || group.startsWith(`${root}/`) ? join(at, group.slice(root.length)) : undefined;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program of a lab, as this module finds it on the machine. */
interface OfLab {
  /** An ancestor of all processes of the lab. */
  ancestor: number;
  /** Its processes, by their numbers in the lab. */
  processes(): Promise<number[]>;
}

/** The groups of one lab. */
export class Groups implements Disposable {
  readonly #made = new Set<Share>();

  /** The `slow` of a program that runs (lab/engines/engine.ts). */
  slowing(program: OfLab, ended: Promise<unknown>): NonNullable<RunningProgram['slow']> {
    const parent = findParent();
    if ('why' in parent) return parent;
    const share = new Share(parent, program);
    void ended.then(() => share.remove());
    return async (to) => {
      this.#made.add(share);
      await share.set(to);
    };
  }

  /** After the lab: a process of a program may have outlived its first one. */
  [Symbol.dispose](): void {
    for (const share of this.#made) share.remove();
  }
}

/** Groups of this process, of all its labs: each has a name of its own. */
let groups = 0;

class Share {
  readonly #parent: Parent;
  readonly #program: OfLab;
  readonly #group: string;

  constructor(parent: Parent, program: OfLab) {
    this.#parent = parent;
    this.#program = program;
    this.#group = join(parent.folder, `${PREFIX}${ownerInName()}.${++groups}`);
  }

  /** All processes of the program together get this share of one processor, 1 for all of it; without a share, any. */
  async set(share: number | undefined): Promise<void> {
    if (share === undefined) {
      await this.#move(this.#parent.home);
      this.remove();
      return;
    }
    try {
      mkdirSync(this.#group, { recursive: true });
      this.#limit(Math.round(share * PERIOD));
      await this.#move(this.#group);
    } catch (cause) {
      await this.set(undefined).catch(() => {});
      const { message } = cause as Error;
      throw new LabError('machine', `the machine gives a program no share: ${message}`, {
        cause,
        hint: LACKING.hint,
      });
    }
  }

  #limit(quota: number): void {
    const files =
      this.#parent.version === 2
        ? { 'cpu.max': `${quota} ${PERIOD}` }
        : { 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': quota };
    for (const [file, value] of Object.entries(files)) writeFileSync(join(this.#group, file), `${value}`);
  }

  /** Until there is none that is not there: a process that was born meanwhile may be in the group of before. */
  async #move(group: string): Promise<void> {
    for (const moved = new Set<number>(); ; ) {
      const here = (await this.#onMachine()).filter((pid) => !moved.has(pid));
      if (here.length === 0) return;
      for (const pid of here) {
        moved.add(pid);
        unlessEnded(() => writeFileSync(join(group, 'cgroup.procs'), `${pid}`));
      }
    }
  }

  async #onMachine(): Promise<number[]> {
    const wanted = new Set(await this.#program.processes());
    const all = await descendants(this.#program.ancestor);
    return all.filter((pid) => wanted.has(numberInLab(pid)));
  }

  /** After the program has ended. */
  remove(): void {
    removeGroup(this.#group);
  }
}

/** The second of its numbers, from the machine's namespace to its own (proc_pid_status(5)). */
function numberInLab(pid: number): number {
  try {
    const [, numbers = ''] = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(numbers.split(/\s+/)[1]);
  } catch {
    return Number.NaN; // It has ended meanwhile.
  }
}

function unlessEnded(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Removes the groups of commands that were killed. */
export function sweepGroups(): void {
  const parent = findParent();
  if ('why' in parent) return;
  for (const name of readdirSync(parent.folder)) {
    const owner = name.startsWith(PREFIX) ? name.slice(PREFIX.length, name.lastIndexOf('.')) : '';
    if (isDeadInName(owner)) removeGroup(join(parent.folder, name));
  }
}

/** One that still has a process stays: the next command removes it. */
function removeGroup(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EBUSY') throw error;
  }
}
