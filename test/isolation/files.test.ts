/** The machine's files, whatever links and closed folders lead to: bare namespaces, by the command as it is. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ROOT, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();
const isRoot = process.getuid!() === 0;

/** The command's standard output where all held, in a mount namespace of its own where a shell has done things first. */
async function within(script: string, ...args: string[]): Promise<string> {
  const own = isRoot ? [] : ['--user', '--map-root-user'];
  const command = [...own, '--mount', 'sh', '-ec', `${script}\nexec "$@"`, 'sh', ...args];
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)('unshare', command, { cwd: ROOT, env }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`${stdout}${stderr}`);
    },
  );
  return stdout;
}

async function scenario(folder: string, host: object, steps: object[]): Promise<string> {
  const path = join(folder, 'scenario.yaml');
  const text = {
    lab: 'files',
    networks: { lan: 'auto' },
    hosts: { alice: { networks: ['lan'], ...host } },
    steps,
  };
  await writeFile(path, JSON.stringify(text));
  return path;
}

const says = (run: string[], receive: string) => ({ at: 'alice', exec: { run }, expect: { receive } });

describeNeeding('netns', lacking?.why, 'files of the machine', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-files-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // One folder that has a layer as a whole, and one that mostly has other file systems in it (Docker's).
  describe.skipIf(!isRoot).each(['/usr/local', '/var/lib'])('behind links in %s', (top) => {
    test("a file of the scenario takes a link's place, and nothing is written where it leads", async () => {
      const machine = await mkdtemp(join(top, 'lanlab-links-'));
      try {
        await chmod(machine, 0o755);
        await mkdir(join(machine, 'other'));
        for (const [link, target] of [
          ['link', 'target'],
          ['dangling', 'new'],
          ['inner', 'other'],
        ] as const)
          await symlink(join(machine, target), join(machine, link));
        await writeFile(join(machine, 'target'), 'MACHINE');
        const paths = ['link', 'dangling', 'inner/file'].map((name) => join(machine, name));
        const files = Object.fromEntries(paths.map((path) => [path, 'SCENARIO']));
        const file = await scenario(folder, { files }, [says(['cat', ...paths], 'SCENARIO'.repeat(3))]);
        const ended = await start(['run', '--engine', 'netns', file]).ended;
        expect(ended, ended.stdout + ended.stderr).toMatchObject({ exit: 0 });
        expect(await readFile(join(machine, 'target'), 'utf8')).toBe('MACHINE');
        expect(existsSync(join(machine, 'new'))).toBe(false);
        expect(existsSync(join(machine, 'other/file'))).toBe(false);
      } finally {
        await rm(machine, { recursive: true });
      }
    });
  });

  test("where the machine's hosts file and resolv.conf are links, a host has its own all the same", async () => {
    for (const name of ['hosts', 'resolv.conf']) await writeFile(join(folder, name), 'MACHINE');
    const links = `mkdir ${folder}/etc; cp -a /etc/. ${folder}/etc 2>/dev/null || true
      for name in hosts resolv.conf; do ln -sf ${folder}/$name ${folder}/etc/$name; done
      mount --bind ${folder}/etc /etc`;
    const file = await scenario(folder, {}, [says(['sh', '-c', 'grep -c alice /etc/hosts'], '1\n')]);
    await within(links, join(ROOT, 'bin/lanlab'), 'run', '--engine', 'netns', file);
    for (const name of ['hosts', 'resolv.conf'])
      expect(await readFile(join(folder, name), 'utf8')).toBe('MACHINE');
  });

  test('in a container, which has files mounted over its own, a host can write to /etc and to /var all the same', async () => {
    const bind = `for file in hosts hostname; do echo MACHINE >${folder}/own-$file; mount --bind ${folder}/own-$file /etc/$file; done
      findmnt --raw --noheadings --submounts --output TARGET /var | tac | while read -r target; do umount -l "$target" || true; done`;
    const write =
      'echo mine >/etc/mine && echo mine >/var/log/mine && cat /etc/mine /var/log/mine; grep MACHINE /etc/hosts || echo none';
    const steps = [says(['sh', '-c', write], 'mine\nmine\nnone\n')];
    const file = await scenario(folder, {}, steps);
    expect(await within(bind, join(ROOT, 'bin/lanlab'), 'run', '--engine', 'netns', file)).toContain(
      '1 step held',
    );
  });

  test('a scenario, its program and lanlab itself may lie in a folder that is closed to others', async () => {
    const closed = await mkdtemp(join(isRoot ? '/usr/local' : homedir(), 'lanlab-closed-'));
    try {
      const [beside, checkout] = [join(closed, 'project'), join(closed, 'checkout')];
      for (const path of [beside, checkout]) await mkdir(path, { mode: 0o755 });
      await writeFile(join(closed, 'prog'), '#!/bin/sh\necho alone; exec sleep 1000\n', { mode: 0o755 });
      await writeFile(join(closed, 'notes'), 'SECRET', { mode: 0o644 });
      await writeFile(join(beside, 'prog'), '#!/bin/sh\ncat $(dirname $0)/data; exec sleep 1000\n', {
        mode: 0o755,
      });
      await writeFile(join(beside, 'data'), 'beside\n');
      for (const [prog, word] of [
        [join(beside, 'prog'), 'beside'],
        [join(closed, 'prog'), 'alone'],
      ] as const) {
        const host = { command: [prog], ready: { log: word } };
        // Whoever is not root has one user, in a host too.
        const read = says(['sh', '-c', `cat ${join(closed, 'notes')} || echo none`], 'none\n');
        const steps = isRoot ? [read] : [says(['echo', 'up'], 'up\n')];
        const file = await scenario(closed, host, steps);
        const bind = `mount --bind ${ROOT} ${checkout}; cd ${checkout}`;
        const said = await within(bind, join(checkout, 'bin/lanlab'), 'run', '--engine', 'netns', file);
        expect(said).toContain('1 step held');
      }
    } finally {
      await rm(closed, { recursive: true });
    }
  });
});
