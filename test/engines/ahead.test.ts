/** A lab's thread that carries frames is found below the process that was started, and put ahead of others. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CABLE_THREAD } from '../../lab/agent/cable/thread-calls.ts';
import { descendants, putCablesAhead } from '../../lab/engines/ahead.ts';

const policyOf = (pid: number) =>
  /policy: (\S+)/.exec(execFileSync('chrt', ['-p', String(pid)], { encoding: 'utf8' }))![1];

/** The kernel may refuse it to root too, in some containers and groups. */
const refused = (() => {
  try {
    execFileSync('chrt', ['--fifo', '1', 'true'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
})();

test.skipIf(refused)(
  'the thread that carries frames has a real-time priority, and nothing beside it',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanlab-ahead-'));
    symlinkSync('/bin/sleep', join(folder, CABLE_THREAD));
    const above = spawn('sh', ['-c', `${folder}/${CABLE_THREAD} 60 & echo $!; wait`]);
    try {
      const [said] = (await once(above.stdout, 'data')) as [Buffer];
      const pid = Number(said);
      // The shell has forked, and may not have become it yet.
      while (policyOf(pid) === 'SCHED_OTHER') await putCablesAhead(above.pid!);
      expect(policyOf(pid)).toBe('SCHED_FIFO|SCHED_RESET_ON_FORK');
      expect(policyOf(above.pid!)).toBe('SCHED_OTHER');
      process.kill(pid);
    } finally {
      above.kill();
      rmSync(folder, { recursive: true });
    }
  },
);

test('a process that another thread has started is found too, and what it has started itself', async () => {
  const worker = `
    const { spawn } = require('node:child_process');
    spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'inherit', 'inherit'] });
  `;
  const script = `new (require('node:worker_threads').Worker)(${JSON.stringify(worker)}, { eval: true })`;
  const above = spawn(process.execPath, ['-e', script]);
  try {
    const [said] = (await once(above.stdout, 'data')) as [Buffer];
    const found = await descendants(above.pid!);
    expect(found[0]).toBe(above.pid);
    expect(found).toContain(Number(said));
    expect(found).toHaveLength(3);
    for (const pid of found.slice(1)) process.kill(pid);
  } finally {
    above.kill();
  }
});
