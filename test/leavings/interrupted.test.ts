/** Ctrl-C while hosts come up, a closed terminal in the middle, Ctrl-C twice: what each leaves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../lab/engines/docker/index.ts';
import { descendants, type Running, running, start } from '../cli/command.ts';
import { enginesHere, isTried } from '../engines-here.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';

function scenario(name: string): string {
  return `
lab: ${name}
networks: { office: 10.87.1.0/24 }
hosts: { echo: { service: tcp-echo, networks: [office] }, alice: { networks: [office] } }
steps:
  - { name: first, at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO } }
  - { name: long, at: alice, exec: sleep 60 }
`;
}

for (const { engine, report } of await enginesHere()) {
  if (!isTried(engine.name)) continue;
  const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
  describeNeeding(engine.name, missing, `interrupted on ${engine.name}`, () => {
    const name = `stopped-${engine.name}-${process.pid}`;
    let folder: string;
    let file: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lanlab-stopped-'));
      file = join(folder, 'stopped.yaml');
      await writeFile(file, scenario(name));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function remains(): Promise<string[]> {
      if (engine.name === 'netns') return [];
      const docker = new Docker();
      const filters = { label: [`lanlab.name=${name}`] };
      const containers = await docker.listContainers({ all: true, filters });
      const networks = await docker.listNetworks({ filters });
      return [...containers.map(({ Names }) => String(Names[0])), ...networks.map(({ Name }) => Name)];
    }

    /** Signals the command, and looks for what it leaves running. */
    async function stop(command: Running, ...signals: NodeJS.Signals[]) {
      const below = descendants(command.pid);
      using namespaces = networkNamespaces(below);
      for (const signal of signals) command.child.kill(signal);
      const ended = await command.ended;
      await expect.poll(() => running(below), { timeout: 10_000 }).toEqual([]);
      await expect.poll(() => namespaces.stillUsed(), { timeout: 10_000 }).toEqual([]);
      return ended;
    }

    test('Ctrl-C while hosts come up takes down what there is', async () => {
      const command = start(['run', file, '--engine', engine.name]);
      await command.complained('bringing up');
      expect(await stop(command, 'SIGINT')).toMatchObject({ exit: 130 });
      expect(await remains()).toEqual([]);
    }, 60_000);

    test('a closed terminal in the middle of a step takes everything down', async () => {
      const command = start(['run', file, '--engine', engine.name]);
      await command.printed('1 first');
      const { exit, stderr } = await stop(command, 'SIGHUP');
      expect([exit, stderr.includes('interrupted (SIGHUP)')]).toEqual([130, true]);
      expect(await remains()).toEqual([]);
    }, 60_000);

    test('Ctrl-C twice ends the command at once; what is left goes with the next', async () => {
      const command = start(['run', file, '--engine', engine.name]);
      await command.printed('1 first');
      expect(await stop(command, 'SIGINT', 'SIGINT')).toMatchObject({ exit: 130 });
      if (engine.name !== 'netns') await sweep();
      expect(await remains()).toEqual([]);
    }, 60_000);
  });
}
