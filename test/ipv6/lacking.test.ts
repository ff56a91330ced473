/** A kernel without IPv6, as far as a program can see: here a mount hides what the kernel says of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const ALONE = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
const HIDE = 'mount -t tmpfs tmpfs /proc/sys/net/ipv6';
/** Below something that is hidden in /proc, the kernel gives a /proc of their own to hosts of real root alone. */
const PROC = 'unshare --mount --pid --fork mount -t proc proc /proc';

const made = spawnSync('unshare', [...ALONE, 'sh', '-c', `${HIDE} && ${PROC}`], { encoding: 'utf8' });
const lacking = made.status === 0 ? undefined : `nothing can be mounted here: ${made.stderr || made.error}`;

describeNeeding('netns', lacking, 'a kernel without IPv6', () => {
  const run = (scenario: string) =>
    execFileSync(
      'unshare',
      [...ALONE, 'sh', '-c', `${HIDE} && exec bin/lanlab run --engine netns "$0" 2>&1`, scenario],
      { cwd: ROOT, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', LANLAB_MACHINE_ROOT: '1' } },
    );

  test('is said where a network has it, and nothing is started', () => {
    const scenario = join(ROOT, 'scenarios/19-ipv6.yaml');
    try {
      run(scenario);
      expect.unreachable();
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      expect(status).toBe(3);
      expect(stdout).toContain(
        'network office has IPv6; the kernel of this machine has none (ipv6.disable=1)',
      );
    }
  });

  test('does for a lab of IPv4', () => {
    expect(run(join(ROOT, 'scenarios/18-calls.yaml'))).toMatch(/steps held: \d+ of \d+ checks/);
  }, 60_000);
});
