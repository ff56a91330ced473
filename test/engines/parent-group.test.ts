/** In which control group a program may get one of its own, on machines of version 2 alone and of both versions. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parentOf } from '../../lab/engines/netns/parent-group.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lanlab-groups-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A folder with the files of a group. `controllers` are those that groups in it have. */
function group(path: string, controllers = ''): string {
  const folder = join(root, path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cgroup.subtree_control'), `${controllers}\n`);
  writeFileSync(join(folder, 'cgroup.procs'), '');
  return folder;
}

const second = (at: string, of = '/') => `30 25 0:26 ${of} ${at} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n`;

test('of version 2 it is the nearest group above that hands the processor on, and processes go back where they began', () => {
  group('', 'cpuset cpu memory');
  const slice = group('user.slice', 'cpu memory');
  group('user.slice/app.slice', 'cpuset memory');
  const home = group('user.slice/app.slice/lab.scope');
  const found = parentOf('0::/user.slice/app.slice/lab.scope\n', second(root));
  expect(found).toEqual({ version: 2, folder: slice, home });
});

test('of version 2 it is the root itself where everything runs in the root', () => {
  const all = group('', 'cpu');
  expect(parentOf('0::/\n', second(root))).toEqual({ version: 2, folder: all, home: all });
});

test('there is none where nobody above hands the processor on, and none above the mounted group', () => {
  group('', 'cpu');
  group('box', 'memory');
  group('box/in');
  expect(parentOf('0::/box/in\n', second(join(root, 'box'), '/box'))).toBeUndefined();
  expect(parentOf('0::/elsewhere\n', second(join(root, 'box'), '/box'))).toBeUndefined();
});

test('of both versions it is that of version 1 where this has the processor, for root alone', () => {
  const home = group('one/lab');
  group('two', '');
  const groups = '3:cpuset:/\n2:cpu,cpuacct:/lab\n0::/\n';
  const mounts = `29 25 0:25 / ${join(root, 'one')} rw - cgroup cgroup rw,cpu,cpuacct\n${second(join(root, 'two'))}`;
  const root1 = process.geteuid?.() === 0 ? { version: 1, folder: home, home } : undefined;
  expect(parentOf(groups, mounts)).toEqual(root1);
});
