/** Machines pull the images of a lab from a registry that the user names: docker-registry of Debian, on the bridge of the machines. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lanlab } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { engineOf, lacking, leftovers, pointToManager } from './nodes.ts';

vi.setConfig({ testTimeout: 240_000 });

const ADDRESS = '10.231.0.200';
const PLACE = `${ADDRESS}:5000`;
const missing = existsSync('/usr/bin/docker-registry')
  ? lacking
  : 'there is no docker-registry; install it: scripts/test-tools.sh';

const LAB = `
lab: pulled
networks: { lan: 10.173.1.0/24 }
hosts:
  echo: { service: tcp-echo, networks: [lan], on: b }
  alice: { networks: [lan], on: c }
steps:
  - { at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO, seen: echo } }
`;

const run = promisify(execFile);
const inside = (namespace: string, ...command: string[]) => ['netns', 'exec', namespace, ...command];
/** As a machine asks the registry. */
const ask = (path: string) => run('ip', inside('lanlab-node-a', 'curl', '-sf', `http://${PLACE}/v2/${path}`));

describeNeeding('swarm', missing, 'a registry', () => {
  let folder: string;
  let registry: ChildProcess;
  const forget = async (node: string) => {
    const docker = engineOf(node);
    const images = await docker.listImages();
    const ours = images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((tag) => /^lanlab\/(agent|tcp-echo):/.test(tag));
    for (const tag of ours) await docker.getImage(tag).remove({ force: true });
  };
  const tagsIn = async (name: string) => {
    const { stdout } = await ask(`${name}/tags/list`);
    return (JSON.parse(stdout) as { tags?: string[] }).tags ?? [];
  };

  beforeAll(async () => {
    pointToManager();
    folder = await mkdtemp(join(tmpdir(), 'lanlab-registry-'));
    const config = join(folder, 'config.yml');
    await writeFile(
      config,
      `version: 0.1\nstorage: { filesystem: { rootdirectory: ${folder}/images } }\nhttp: { addr: "${PLACE}" }\n`,
    );
    await run('ip', ['-n', 'lanlab-swarm', 'address', 'add', `${ADDRESS}/24`, 'dev', 'bridge']);
    registry = spawn('ip', inside('lanlab-swarm', 'docker-registry', 'serve', config), { stdio: 'ignore' });
    await vi.waitUntil(
      () =>
        ask('').then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    );
  });
  afterAll(async () => {
    registry?.kill();
    await run('ip', ['-n', 'lanlab-swarm', 'address', 'delete', `${ADDRESS}/24`, 'dev', 'bridge']);
    await rm(folder, { recursive: true });
  });

  test('has the images of a lab, and machines that have not pull them', async () => {
    const path = join(folder, 'pulled.yaml');
    await writeFile(path, LAB);
    for (const node of ['b', 'c']) await forget(node);
    const { exit, stdout, stderr } = await lanlab(
      'run',
      path,
      '--engine',
      'swarm',
      '--registry',
      `${PLACE}/lab`,
    );
    expect(exit, stdout + stderr).toBe(0);
    expect(await tagsIn('lab/lanlab/agent')).toHaveLength(1);
    expect(await tagsIn('lab/lanlab/tcp-echo')).toHaveLength(1);
    for (const node of ['a', 'b', 'c']) {
      const images = await engineOf(node).listImages();
      const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
      expect(tags.filter((tag) => tag.startsWith(ADDRESS))).toEqual([]);
    }
    await expect.poll(() => leftovers('pulled'), { timeout: 90_000 }).toEqual([]);
  });

  test('that does not answer is named, with the hint, and nothing is left', async () => {
    const path = join(folder, 'pulled.yaml');
    await writeFile(path, LAB);
    await forget('b');
    const { exit, stdout, stderr } = await lanlab(
      'run',
      path,
      '--engine',
      'swarm',
      '--registry',
      `${ADDRESS}:5001`,
    );
    expect(exit).not.toBe(0);
    expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toMatch(
      /the registry 10\.231\.0\.200:5001: lanlab\/\S+ cannot be put there: Get .*refused/,
    );
    await expect.poll(() => leftovers('pulled'), { timeout: 90_000 }).toEqual([]);
  });

  test('whose name is no place is refused before anything starts', async () => {
    const { exit, stderr } = await lanlab(
      'run',
      'scenarios/01-lan.yaml',
      '--registry',
      'https://registry.example',
    );
    expect(exit).toBe(2);
    expect(stderr).toContain('It is a host, and perhaps a port and a path');
  });
});
