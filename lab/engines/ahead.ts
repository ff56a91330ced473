/** Lets the thread that carries a lab's frames run before all others, where the user may do so. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { promisify } from 'node:util';
import { CABLE_THREAD } from '../agent/cable/thread-calls.ts';

const run = promisify(execFile);
/** The second lowest, so that a program that measures may run behind it. */
const PRIORITY = '2';

/**
 * `pid` is an ancestor of the process with the thread. That process cannot do this itself: it is root of a user namespace at
 * most, and this needs root of the machine. A refusal is no error: then frames may be later on a busy machine. A kernel may
 * refuse real-time priority to all in a container (CONFIG_RT_GROUP_SCHED): there the thread has the most of the host's time.
 */
export async function putCablesAhead(pid: number): Promise<void> {
  const threads = (await Promise.all((await descendants(pid)).map(cableThreads))).flat();
  for (const thread of threads) setPriority(Number(thread), constants.priority.PRIORITY_HIGHEST);
  for (const thread of threads) await run('chrt', ['--fifo', '--reset-on-fork', '--pid', PRIORITY, thread]);
}

async function cableThreads(process: number): Promise<string[]> {
  const named = (await threadsOf(process)).map(async (thread) => {
    // A process or a thread may end while others are looked at.
    const name = await readFile(`/proc/${process}/task/${thread}/comm`, 'utf8').catch(() => '');
    return name.trim() === CABLE_THREAD ? [thread] : [];
  });
  return (await Promise.all(named)).flat();
}

/** The process itself and all that it has started, by any of its threads, as far as they have not left it. */
export async function descendants(pid: number): Promise<number[]> {
  const children = (await threadsOf(pid)).map(async (thread) => {
    const said = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '');
    return said.split(' ').filter(Boolean).map(Number);
  });
  const below = (await Promise.all(children)).flat().map(descendants);
  return [pid, ...(await Promise.all(below)).flat()];
}

/** None where it has ended. */
function threadsOf(pid: number): Promise<string[]> {
  return readdir(`/proc/${pid}/task`).catch(() => []);
}
