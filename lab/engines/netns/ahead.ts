/** The thread that carries a lab's frames runs before all that have no real-time priority, where whoever runs the lab may say so. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CABLE_THREAD } from '../../agent/cable/thread-calls.ts';

const run = promisify(execFile);
/** The least but one, so that whoever measures may go behind it. */
const PRIORITY = '2';

/**
 * `pid` is a process above the one with the thread, which cannot do so itself: it is root of a user namespace at most, and
 * this wants root of the machine. What is refused is no error: frames may be later on a busy machine then.
 */
export async function putCablesAhead(pid: number): Promise<void> {
  for (const process of await descendants(pid))
    for (const thread of await readdir(`/proc/${process}/task`)) {
      const name = await readFile(`/proc/${process}/task/${thread}/comm`, 'utf8');
      if (name.trim() === CABLE_THREAD)
        await run('chrt', ['--fifo', '--reset-on-fork', '--pid', PRIORITY, thread]);
    }
}

async function descendants(pid: number): Promise<number[]> {
  const said = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = said.split(' ').filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(children.map(descendants))).flat()];
}
