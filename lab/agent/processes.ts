/**
 * The processes of the host's program, from /proc (proc(5)). A program in a container of its own shares our process
 * namespace. Its processes are those in another control group (cgroups(7)) than ours, whatever else they have left.
 */
import { readdir, readFile } from 'node:fs/promises';
import type { AgentCalls, ProcessState } from './protocol.ts';

export const processCallsOfProgram: Pick<AgentCalls, 'processes' | 'signalProgram'> = {
  processes: ofProgram,
  signalProgram: async ({ signal }) =>
    signalAll(
      (await ofProgram()).map(({ pid }) => pid),
      signal,
    ),
};

/**
 * Sends a signal to each, parents before their children as far as numbers tell. Returns the number of processes that were
 * there.
 */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  let sent = 0;
  for (const pid of pids.toSorted((one, other) => one - other)) {
    try {
      process.kill(pid, signal);
      sent += 1;
    } catch (error) {
      // It has just ended by itself.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return sent;
}

async function ofProgram(): Promise<ProcessState[]> {
  const own = await contentOf('self', 'cgroup');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [group, stat] = await Promise.all([contentOf(pid, 'cgroup'), contentOf(pid, 'stat')]);
      return group === own ? undefined : parseStat(stat);
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** Empty for a process that has ended meanwhile. */
function contentOf(pid: string, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}

/** `12 (node) S 1 …`: the name is in brackets and may hold brackets and spaces itself. */
export function parseStat(stat: string): ProcessState | undefined {
  const parts = /^(\d+) \((.*)\) (\S) /s.exec(stat);
  if (!parts) return undefined;
  const [, pid, name = '', state = ''] = parts;
  return { pid: Number(pid), name, state };
}
