/** The command killed at fifty random moments of a run, on each engine: what it leaves, and what the next one does about it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeEngines } from '../../lab/engines/index.ts';
import { descendants, lanlab, networkNamespaces, running, start, stillUsed } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const TIMES = 50;
/** Side by side: as many as there are processors to be killed on. */
const AT_ONCE = 2;

/** A run of a second or so; the lab's name and subnet are its own, so that whatever it leaves is found by them. */
function scenario(name: string, subnet: string): string {
  return `
lab: ${name}
networks: { office: ${subnet} }
hosts:
  echo: { service: tcp-echo, networks: [office] }
  alice: { networks: [office] }
steps:
  - { at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO, seen: echo } }
  - { at: alice, udp: { to: "echo:9", send: hello } }
  - { at: alice, exec: sleep 0.2 }
`;
}

/** Moments spread over a run of so many milliseconds, the same in every run of the test: a linear congruence. */
function moments(run: number): number[] {
  let state = 20_261_120;
  return Array.from({ length: TIMES }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 31) * run;
  });
}

async function labelled(docker: Docker, name: string): Promise<string[]> {
  const filters = { label: [`lanlab.name=${name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [
    ...containers.map(({ Names }) => `container ${Names[0]}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
  ];
}

for (const { engine, report } of await probeEngines()) {
  const missing = report.lacking && `${report.lacking.why}; ${report.lacking.mend}`;
  describeNeeding(engine.name, missing, `killed on ${engine.name}`, () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lanlab-killed-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function prepared(lane: number): Promise<{ name: string; args: string[] }> {
      const name = `killed-${engine.name}-${process.pid}-${lane}`;
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, scenario(name, `10.85.${lane}.0/24`));
      return { name, args: ['run', file, '--engine', engine.name] };
    }

    async function killAt(moment: number, args: string[]): Promise<void> {
      const command = start(args);
      await pause(moment); // The moment is what is tested.
      const below = descendants(command.pid);
      const namespaces = networkNamespaces(below);
      command.child.kill('SIGKILL');
      await command.ended;
      await expect.poll(() => running(below), { timeout: 10_000 }).toEqual([]);
      await expect.poll(() => stillUsed(namespaces), { timeout: 10_000 }).toEqual([]);
    }

    test(`${TIMES} times with kill -9: no process, no namespace, and nothing after the next command`, async () => {
      const lanes = await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => prepared(lane)));
      const began = performance.now();
      for (const { exit } of await Promise.all(lanes.map(({ args }) => lanlab(...args))))
        expect(exit).toBe(0);
      const all = moments(performance.now() - began);
      await Promise.all(
        lanes.map(async ({ args }, lane) => {
          for (const [index, moment] of all.entries())
            if (index % AT_ONCE === lane) await killAt(moment, args);
        }),
      );
      if (engine.name === 'netns') return;
      const docker = new Docker();
      // What was made and not yet started stays for the next command; what ran has ended with the command.
      const stillRunning = async () => {
        const running = lanes.map(({ name }) =>
          docker.listContainers({ filters: { label: [`lanlab.name=${name}`] } }),
        );
        return (await Promise.all(running)).flat().map(({ Names }) => Names[0]);
      };
      // Compose's agents wait for whoever connects next, so those of the last kill run on until the next command.
      if (engine.name === 'docker') await expect.poll(stillRunning, { timeout: 20_000 }).toEqual([]);
      await engine.sweep([]);
      expect((await Promise.all(lanes.map(({ name }) => labelled(docker, name)))).flat()).toEqual([]);
      expect(
        (await readdir(tmpdir())).filter((name) => name.includes(`killed-${engine.name}-${process.pid}`)),
      ).toEqual([]);
    }, 600_000);
  });
}
