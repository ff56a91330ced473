/** A slow program: the time of a processor that the kernel counts for its processes, beside the time that passes. */
import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp, type Lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import { hostOf, shell } from '../lab.ts';

const run = promisify(execFile);

const BUSY = (net: number) => `
lab: busy
networks: { office: 10.${net}.7.0/24 }
hosts:
  busy: { command: [sh, -c, "while :; do :; done & while :; do :; done"], networks: [office] }
`;

/** Networks are 10.NET.7.0/24. */
export function slowPrograms(engine: Engine, net: number): void {
  describe('a program that is slow', () => {
    let lab: Lab;
    let lacking: string | undefined;
    const host = () => hostOf(lab[internals], 'busy');

    beforeAll(async () => {
      lab = await bringUp(parse(BUSY(net)), { engine });
      const slowing = host().program!.slow;
      if (typeof slowing === 'object') lacking = `${slowing.why}; ${slowing.hint}`;
    });
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });

    test('has no more than its share with all its processes, and more when it is healed', async ({
      skip,
    }) => {
      skip(lacking !== undefined, lacking);
      const busy = await lab.fault({ slow: { host: 'busy', cpu: '5%' } });
      expect(busy.did).toBe('the program of busy has 5% of a processor');
      expect(await shareOf(host())).toBeLessThan(0.1);
      await busy.heal();
      await expect.poll(() => shareOf(host()), { timeout: 60_000 }).toBeGreaterThan(0.2);
    });

    // On Docker it is a limit of the program's own container.
    if (engine.name === 'netns') {
      test('is not touched by the end of a program in another lab of the same process', async ({ skip }) => {
        skip(
          lacking !== undefined || engine.name !== 'netns',
          lacking ?? 'a limit of the container is its own',
        );
        const busy = await lab.fault({ slow: { host: 'busy', cpu: '50%' } });
        {
          await using other = await bringUp(parse(BUSY(net).replace('.7.', '.8.')), { engine });
          await other.fault({ slow: { host: 'busy', cpu: '50%' } });
          expect(await groupsOf(process.pid)).toHaveLength(2);
        }
        expect(await groupsOf(process.pid)).toHaveLength(1);
        await busy.heal();
      });

      test('lets everybody go that is in its group, also a process that nobody finds below the lab', async ({
        skip,
      }) => {
        skip(lacking !== undefined, lacking);
        const busy = await lab.fault({ slow: { host: 'busy', cpu: '50%' } });
        const [group] = await groupsOf(process.pid);
        const other = spawn('sleep', ['60']);
        try {
          await writeFile(join(group!, 'cgroup.procs'), String(other.pid));
          await busy.heal();
          expect(await groupsOf(process.pid)).toEqual([]);
          expect(other.exitCode).toBe(null);
        } finally {
          other.kill();
        }
      });
    }

    test('leaves no group behind, though nothing healed it', async ({ skip }) => {
      skip(lacking !== undefined, lacking);
      await lab.fault({ slow: { host: 'busy', cpu: '50%' } });
      if (engine.name === 'netns') expect(await groupsOf(process.pid)).toHaveLength(1);
      await lab[Symbol.asyncDispose]();
      expect(await groupsOf(process.pid)).toEqual([]);
    });
  });
}

/** The part of one processor that the program had in a while. It is never more than it was, however busy the machine is. */
async function shareOf(host: LiveHost): Promise<number> {
  const from = performance.now();
  const before = await secondsOf(host);
  await shell(host, 'sleep 1');
  const after = await secondsOf(host);
  return (after - before) / ((performance.now() - from) / 1000);
}

/** Seconds that its processes have run (proc_pid_stat(5): utime and stime, in hundredths). */
async function secondsOf(host: LiveHost): Promise<number> {
  const pids = (await host.program!.processes!()).map(({ pid }) => pid);
  const stats = await shell(host, `cat ${pids.map((pid) => `/proc/${pid}/stat`).join(' ')}`);
  const times = stats
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf(')') + 2).split(' '));
  return times.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / 100;
}

/** The control groups that the labs of a process have made. */
export async function groupsOf(pid: number): Promise<string[]> {
  const { stdout } = await run('find', [
    ...['/sys/fs/cgroup', '-type', 'd', '-name', `lanlab-*%3A${pid}%3A*`],
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}
