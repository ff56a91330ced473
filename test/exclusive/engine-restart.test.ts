/**
 * The Docker Engine restarted in the middle of a run. It must be ours to restart, and nobody else may use it
 * meanwhile: `LANLAB_EXCLUSIVE=1 npx vitest run test/exclusive` where scripts/docker-engine.sh started it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterAll, expect, test } from 'vitest';
import { lanlab, ROOT, start } from '../cli/command.ts';

const engineScript = (...args: string[]) => promisify(execFile)(join(ROOT, 'scripts/docker-engine.sh'), args);

const scenario = (last: string) => `
lab: restarted
networks: { office: 10.88.1.0/24 }
hosts: { echo: { service: tcp-echo, networks: [office] }, alice: { networks: [office] } }
steps:
  - { name: first, at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO } }
  - { name: last, at: alice, exec: { run: ${last}, give_up: 5m } }
`;

afterAll(() => engineScript());

test('a run whose engine goes ends with the reason, and the next one finds nothing in its way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-restart-'));
  const file = join(folder, 'restarted.yaml');
  await writeFile(file, scenario('sleep 300'));
  const command = start(['run', file, '--engine', 'docker']);
  await command.printed('1 first');
  await engineScript('--stop');
  const { exit, stderr } = await command.ended;
  expect(exit).toBe(3);
  // Whichever is noticed first: that an agent is gone, or that nobody is there to take the lab down.
  expect(stderr).toMatch(/the agent of (alice|echo) has gone|no Docker Engine answers/);

  await engineScript();
  await writeFile(file, scenario('sleep 0'));
  expect(await lanlab('run', file, '--engine', 'docker')).toMatchObject({ exit: 0 });
  const filters = { label: ['lanlab.name=restarted'] };
  const docker = new Docker();
  expect(await docker.listContainers({ all: true, filters })).toEqual([]);
  expect(await docker.listNetworks({ filters })).toEqual([]);
  await rm(folder, { recursive: true });
}, 180_000);
