/** What runs in the host's process namespace, from /proc (proc(5)). */
import { readdir, readFile } from 'node:fs/promises';
import type { AgentCalls, ProcessState } from './protocol.ts';

/** Without the agent, what it started, and the shell that may wait for its end. */
export const processes: AgentCalls['processes'] = async () => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const all = found.flatMap((stat) => parseStat(stat) ?? []);
  const ours = new Set([process.pid]);
  // A process number is above its parent's, but for a wrap-around: looked through until nothing is added.
  for (let before = 0; before < ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  const others = all.filter(({ pid }) => !ours.has(pid) && pid !== process.ppid);
  return others.map(({ parent: _, ...state }) => state);
};

/** `12 (node) S 1 …`: the name is in brackets and may hold brackets and spaces itself. */
export function parseStat(stat: string): (ProcessState & { parent: number }) | undefined {
  const parts = /^(\d+) \((.*)\) (\S) (\d+) /s.exec(stat);
  if (!parts) return undefined;
  const [, pid, name = '', state = '', parent] = parts;
  return { pid: Number(pid), name, state, parent: Number(parent) };
}
