/** The folder of a lab on compose, whose owner may be killed at any moment of making it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderOf, makeFolder, removeFolder, sweepFolders } from '../../lab/engines/compose/folders.ts';
import { owner } from '../../lab/engines/owner.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'compose-folders-'));
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

test('what others have in the same place is left', async () => {
  for (const name of ['lanlab-other', 'lanlab-other.dir', 'lanlab-%.%']) await mkdir(join(place, name));
  expect(await sweepFolders()).toEqual([]);
  expect(await readdir(place)).toHaveLength(3);
});
