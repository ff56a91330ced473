/** What runs on a host, from the lab's own /proc (proc(5)): programs and what they started, not what an agent did. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { parseStat } from '../agent/processes.ts';
import type { ProcessState } from '../agent/protocol.ts';

/**
 * `first` is process 1 of the host, `programs` those that were started for it, by their numbers in the lab. Whatever
 * else we started there, and what came of it, is an agent's.
 */
export function processesOf(first: number, programs: readonly number[]): ProcessState[] {
  const namespace = namespaceOf(first);
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseStat(contentOf(`/proc/${pid}/stat`)) ?? []);
  const here = all.filter(({ pid }) => namespaceOf(pid) === namespace);
  const ours = new Set(
    here
      .filter(({ pid, parent }) => parent === process.pid && pid !== first && !programs.includes(pid))
      .map(({ pid }) => pid),
  );
  for (let before = -1; before < ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of here) if (ours.has(parent)) ours.add(pid);
  }
  return here
    .filter(({ pid, parent }) => pid !== first && !ours.has(pid) && !(parent === first && isSleep(pid, here)))
    .map(({ pid, name, state }) => ({ pid: numberInHost(pid), name, state }));
}

/** What process 1 waits for. */
function isSleep(pid: number, all: readonly { pid: number; name: string }[]): boolean {
  return (
    all.some((one) => one.pid === pid && one.name === 'sleep') &&
    contentOf(`/proc/${pid}/cmdline`) === 'sleep\0infinity\0'
  );
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
