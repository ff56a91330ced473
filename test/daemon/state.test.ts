/** The state folder: where it is, who may see it, and what is read from it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { draftOf } from '../../lab/daemon/drafts.ts';
import { withLock } from '../../lab/daemon/lock.ts';
import {
  type LabState,
  makeStateFolder,
  readStates,
  socketPath,
  writeState,
} from '../../lab/daemon/state.ts';
import { sweepStates } from '../../lab/daemon/sweep.ts';
import { owner } from '../../lab/engines/owner.ts';
import { stateFolder } from '../../lab/engines/state-folder.ts';

let folder: string;
const before = process.env.LANLAB_STATE;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-state-'));
  process.env.LANLAB_STATE = join(folder, 'state');
  await makeStateFolder();
});

afterEach(async () => {
  if (before === undefined) delete process.env.LANLAB_STATE;
  else process.env.LANLAB_STATE = before;
  await rm(folder, { recursive: true });
});

/** The identity of a process that has ended. */
async function deadIdentity(): Promise<string> {
  const child = spawn('sleep', ['1000']);
  await once(child, 'spawn');
  const identity = owner(child.pid);
  child.kill('SIGKILL');
  await once(child, 'close');
  return identity;
}

function state(id: string, identity: string, since = '2026-01-01T00:00:00.000Z'): LabState {
  const of = { pid: process.pid, identity };
  return {
    version: 1,
    id,
    lab: id,
    file: `/${id}`,
    engine: 'netns',
    owner: of,
    phase: 'up',
    since,
    hosts: [],
  };
}

describe('the state folder', () => {
  test('loses what somebody was writing who was killed, not what another writes', async () => {
    const here = draftOf(join(stateFolder(), 'a.json'));
    const left = here.replace(encodeURIComponent(owner()), encodeURIComponent(await deadIdentity()));
    for (const path of [here, left, join(stateFolder(), 'a.draft-%')]) await writeFile(path, '{');
    await sweepStates();
    expect((await readdir(stateFolder())).sort()).toEqual([basename(here), 'a.draft-%'].sort());
  });

  test('is where it is asked for, or where the system has such things', () => {
    const all = { LANLAB_STATE: '/a', XDG_RUNTIME_DIR: '/b', XDG_STATE_HOME: '/c' };
    expect(stateFolder(all)).toBe('/a');
    expect(stateFolder({ ...all, LANLAB_STATE: '' })).toBe('/b/lanlab');
    expect(stateFolder({ XDG_STATE_HOME: '/c' })).toBe('/c/lanlab');
    expect(stateFolder({})).toMatch(/\/\.local\/state\/lanlab$/);
  });

  test('is for its owner alone', async () => {
    expect((await stat(stateFolder())).mode & 0o777).toBe(0o700);
  });

  test('that cannot be made says why, and how to have another', async () => {
    await writeFile(join(folder, 'file'), '');
    process.env.LANLAB_STATE = join(folder, 'file');
    await expect(makeStateFolder()).rejects.toMatchObject({
      code: 'usage',
      hint: 'set LANLAB_STATE to a folder that you may write to',
    });
  });

  test('with a path too long for a socket is refused', () => {
    process.env.LANLAB_STATE = join(folder, 'x'.repeat(90));
    expect(() => socketPath('lan-12345678')).toThrow(/longer than 107 bytes/);
  });

  test('lists the labs, the oldest first, and nothing that is none', async () => {
    await writeState(state('new', owner(), '2026-01-02T00:00:00.000Z'));
    await writeState(state('old', owner()));
    await writeFile(join(stateFolder(), 'broken.json'), '{"id": "bro');
    expect((await readStates()).map(({ id }) => id)).toEqual(['old', 'new']);
  });
});

describe('a lab whose owner', () => {
  test('has ended is removed with its socket and its log', async () => {
    await writeState(state('dead', await deadIdentity()));
    for (const name of ['dead.sock', 'dead.log']) await writeFile(join(stateFolder(), name), '');
    const swept = await sweepStates();
    expect(swept.removed.map(({ id }) => id)).toEqual(['dead']);
    expect(await readdir(stateFolder())).toEqual([]);
  });

  test.each([
    ['lives', () => owner()],
    ['is of another machine', () => 'elsewhere:1:1'],
  ])('%s is left alone', async (_, identity) => {
    await writeState(state('living', identity()));
    const swept = await sweepStates();
    expect(swept.labs.map(({ id }) => id)).toEqual(['living']);
    expect(await readdir(stateFolder())).toEqual(['living.json']);
  });

  test('has ended, and whose pid somebody else has now, is removed', async () => {
    const [, world, pid, started] = /^(.*):(\d+):(\d*)$/.exec(owner()) ?? [];
    await writeState(state('reused', `${world}:${pid}:${Number(started) - 1}`));
    expect((await sweepStates()).removed.map(({ id }) => id)).toEqual(['reused']);
  });
});

describe('the lock', () => {
  test('lets one in at a time', async () => {
    let [inside, most] = [0, 0];
    const work = () =>
      withLock(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await readdir(folder);
        await readdir(folder);
        inside -= 1;
      });
    await Promise.all([work(), work(), work(), work()]);
    expect(most).toBe(1);
    expect(await readdir(stateFolder())).toEqual([]);
  });

  test('of a holder that has ended is taken over', async () => {
    await writeFile(join(stateFolder(), 'lock'), await deadIdentity());
    expect(await withLock(async () => 'in')).toBe('in');
  });

  test('of a living holder is waited for', async () => {
    const lock = join(stateFolder(), 'lock');
    await writeFile(lock, owner());
    let entered = false;
    const waiting = withLock(async () => {
      entered = true;
    });
    // Its own file is there: it has begun to try.
    await expect.poll(() => readdir(stateFolder())).toHaveLength(2);
    expect(entered).toBe(false);
    await rm(lock);
    await waiting;
    expect(entered).toBe(true);
  });
});
