/** Gives the program of a host a share of a processor, by a control group of the machine (cgroups(7)). */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { descendants } from '../ahead.ts';
import type { RunningProgram } from '../engine.ts';
import { isDeadInName, ownerInName } from '../owner.ts';
import { findParent, LACKING, type Parent } from './parent-group.ts';

/** Microseconds in which a program may run for its share. */
const PERIOD = 100_000;
const PREFIX = 'lanlab-';

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
      await moveTo(this.#parent.home, async () => processesIn(this.#group));
      this.remove();
      return;
    }
    try {
      mkdirSync(this.#group, { recursive: true });
      this.#limit(Math.round(share * PERIOD));
      await moveTo(this.#group, () => this.#onMachine());
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

/** Until there are no others: a process that was born meanwhile may be in the group of before. */
async function moveTo(group: string, all: () => Promise<number[]>): Promise<void> {
  for (const moved = new Set<number>(); ; ) {
    const here = (await all()).filter((pid) => !moved.has(pid));
    if (here.length === 0) return;
    for (const pid of here) {
      moved.add(pid);
      unlessEnded(() => writeFileSync(join(group, 'cgroup.procs'), `${pid}`));
    }
  }
}

/** None where there is no such group. A process that this one cannot see has the number 0. */
function processesIn(group: string): number[] {
  try {
    const said = readFileSync(join(group, 'cgroup.procs'), 'utf8');
    return said
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
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
