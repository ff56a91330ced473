/** The thread that carries frames, as the process beside it sees it: it begins when it can. */
import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Carrier } from '../../../lab/agent/cable/carrier.ts';
import { makePipesBy } from '../../../lab/agent/pipe.ts';

function pipe() {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-carrier-'));
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const readable = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writable = openSync(path, constants.O_WRONLY);
  rmSync(folder, { recursive: true });
  return { readable, writable };
}

test('a thread that could not begin begins at the next call, and is told of once', async () => {
  let few = true;
  makePipesBy(() => {
    if (few) throw new Error('too many open files');
    return pipe();
  });
  let begun = 0;
  const carrier = new Carrier(() => {
    begun += 1;
  });
  const hop = { from: 'no-such-card', to: 'no-such-card' };
  const open = () => carrier.open({ name: 'cable', out: hop, in: hop, mtu: 1500 });
  await expect(open()).rejects.toThrow('too many open files');
  few = false;
  await expect(open()).rejects.toThrow(/no-such-card|permitted/);
  expect(begun).toBe(0);
  for (let time = 0; time < 2; time++)
    expect(await carrier.told()).toEqual({ verdicts: [], tallies: [], missed: [] });
  expect(begun).toBe(1);
});
