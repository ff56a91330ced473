/**
 * The processes of a host's program, from the lab's own /proc (proc(5)). A program is started without rights and without a
 * way to get any, and so are all its descendants. They stay so when they leave their group, session or parent. A process
 * that a step starts has its rights.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { parseStat } from '../agent/processes.ts';
import type { ProcessState } from '../agent/protocol.ts';

/** `first` is process 1 of the host, `programs` those that were started for it. All numbers are those in the lab. */
export function processesOf(first: number, programs: readonly number[]): ProcessState[] {
  const namespace = namespaceOf(first);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => namespaceOf(pid) === namespace && (programs.includes(pid) || hasNoRights(pid)))
    .flatMap((pid) => parseStat(contentOf(`/proc/${pid}/stat`)) ?? []);
}

/** The same processes, by the number that each has in its host. */
export function asInHost(all: readonly ProcessState[]): ProcessState[] {
  return all.map((one) => ({ ...one, pid: numberInHost(one.pid) }));
}

/** Has no rights for good: the bounding set (capabilities(7)) is empty, and it is inherited. */
function hasNoRights(pid: number): boolean {
  return /^CapBnd:\s*0+$/m.test(contentOf(`/proc/${pid}/status`));
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return ''; // It has ended meanwhile.
  }
}

/** The last of the numbers that a process has, from the outermost namespace to its own. */
function numberInHost(pid: number): number {
  const [, numbers = ''] = /^NSpid:\s*(.*)$/m.exec(contentOf(`/proc/${pid}/status`)) ?? [];
  return Number(numbers.trim().split(/\s+/).at(-1)) || pid;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
