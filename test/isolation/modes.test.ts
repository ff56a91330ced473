/** Root where user namespaces are forbidden: refused, unless it is asked for with the words that say what it means. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../cli/command.ts';

const RUN = [join(ROOT, 'bin/lanlab'), 'run', '--engine', 'netns', 'scenarios/01-lan.yaml'];
/** A limit of the namespace that it is written in (namespaces(7)). */
const FORBID = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';

/** In a namespace that has every user of the machine, so that its root is taken for the machine's, and no further one. */
async function forbidden(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const holder = spawn('unshare', ['--user', 'sh', '-c', 'echo ready; read -r _'], { stdio: 'pipe' });
  await once(holder.stdout, 'data');
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, '0 0 4294967295\n');
  const enter = [`--user=/proc/${holder.pid}/ns/user`, '--setuid', '0', '--setgid', '0', '--'];
  try {
    return await promisify(execFile)('nsenter', [...enter, 'sh', '-ec', FORBID, 'sh', ...RUN], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', ...env },
    }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr, stdout }) => ({ code, said: stdout + stderr }),
    );
  } finally {
    holder.stdin.end();
  }
}

describe.skipIf(process.getuid!() !== 0)('root, where user namespaces are forbidden', () => {
  test('is refused, and told how to ask for it and what it means', async () => {
    const { code, said } = await forbidden({});
    expect(said).toContain('No space left on device');
    expect(said).toContain('LANLAB_MACHINE_ROOT=1');
    expect(said).toContain('root of a host is root of this machine');
    expect(code).toBe(3);
  }, 60_000);

  test('runs where that is asked for, and says so', async () => {
    const { code, said } = await forbidden({ LANLAB_MACHINE_ROOT: '1' });
    expect(said).toContain("as the machine's root");
    expect(said).toContain('95 of 95 checks');
    expect(code).toBe(0);
  }, 60_000);
});
