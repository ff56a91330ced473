/** The folder of a lab, whose owner may be killed at any moment of making and of removing it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderOf, makeFolder, removeFolder, sweepFolders } from '../../lab/engines/lab-folders.ts';
import { owner } from '../../lab/engines/owner.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'lab-folders-'));
  vi.stubEnv('TMPDIR', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

/** What a process that has ended was called. */
async function ended(): Promise<string> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const name = owner(child.pid);
  child.kill();
  await once(child, 'exit');
  return name;
}

test('that of a living lab stays, and goes with the lab', async () => {
  await makeFolder('here-1234');
  expect(await sweepFolders()).toEqual([]);
  expect(await readdir(folderOf('here-1234'))).toEqual(['agents', 'owner']);
  await removeFolder('here-1234');
  expect(await readdir(place)).toEqual([]);
});

test('one that was being made when its owner was killed is swept, empty as it is', async () => {
  await mkdir(`${folderOf('half-1234')}.${encodeURIComponent(await ended())}`);
  await mkdir(`${folderOf('making-1234')}.${encodeURIComponent(owner())}`);
  expect(await sweepFolders()).toEqual(['half-1234']);
  expect(await readdir(place)).toHaveLength(1);
});

test('one that was being removed when its owner was killed is swept, whatever is gone of it', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', REMOVES_ITS_FOLDER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const begun = firstChange(place, folderOf('leaving-1234'));
  child.stdin.write('go');
  await begun;
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sweepFolders();
  expect(await readdir(place)).toEqual([]);
});

test('two who sweep at once are in no way of each other', async () => {
  await mkdir(`${folderOf('half-1234')}.${encodeURIComponent(await ended())}/agents`, { recursive: true });
  const both = await Promise.all([sweepFolders(), sweepFolders()]);
  expect(both.flat()).toEqual(['half-1234']);
  expect(await readdir(place)).toEqual([]);
});

test('where the folder for temporary files is not there, nothing is swept', async () => {
  vi.stubEnv('TMPDIR', join(place, 'nowhere'));
  expect(await sweepFolders()).toEqual([]);
});

test('what others have in the same place is left', async () => {
  for (const name of ['lanlab-other', 'lanlab-other.dir', 'lanlab-%.%']) await mkdir(join(place, name));
  expect(await sweepFolders()).toEqual([]);
  expect(await readdir(place)).toHaveLength(3);
});

/** Has so many files in it that removing them takes a while. */
const REMOVES_ITS_FOLDER = `
const { makeFolder, removeFolder } = await import(${JSON.stringify(new URL('../../lab/engines/lab-folders.ts', import.meta.url).href)});
const { writeFileSync } = await import('node:fs');
const { once } = await import('node:events');
const folder = await makeFolder('leaving-1234');
for (let index = 0; index < 3000; index++) writeFileSync(folder + '/agents/' + index, '');
console.log('made');
await once(process.stdin, 'data');
await removeFolder('leaving-1234');
`;

/** Resolves when something comes or goes in one of the folders. */
async function firstChange(...folders: string[]): Promise<void> {
  const watchers = folders.map((folder) => watch(folder));
  await Promise.race(watchers.map((watcher) => once(watcher, 'change')));
  for (const watcher of watchers) watcher.close();
}
