/** The command killed with kill -9 at given moments of a run, on each engine: what it leaves, and what the next one does about it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { probeEngines } from '../../lab/engines/index.ts';
import {
  descendants,
  type Ended,
  networkNamespaces,
  type Running,
  running,
  start,
  stillUsed,
} from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

/** A moment of a run: resolves when it has come, rejects where the command has ended before. */
export type Moment = (command: Running) => Promise<void>;

/** A run that nobody disturbed; `took` in milliseconds. */
export interface Whole extends Ended {
  took: number;
}

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
  - { name: first, at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO, seen: echo } }
  - { name: second, at: alice, udp: { to: "echo:9", send: hello } }
  - { name: third, at: alice, exec: sleep 0.2 }
`;
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

/** `momentsOf` says when to kill, from what a whole run said and took. */
export async function killedAt(title: string, momentsOf: (whole: Whole) => Moment[]): Promise<void> {
  for (const { engine, report } of await probeEngines()) {
    const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
    describeNeeding(engine.name, missing, `killed on ${engine.name}`, () => killed(engine, title, momentsOf));
  }
}

function killed(engine: Engine, title: string, momentsOf: (whole: Whole) => Moment[]): void {
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

  test(`${title} with kill -9: no process, no namespace, and nothing after the next command`, async () => {
    const lanes = await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => prepared(lane)));
    const wholes = await Promise.all(lanes.map(({ args }) => whole(args)));
    await Promise.all(
      lanes.map(async ({ args }, lane) => {
        const moments = momentsOf(wholes[lane]!);
        expect(moments.length).toBeGreaterThan(5);
        for (const [index, moment] of moments.entries())
          if (index % AT_ONCE === lane) await killWhen(moment, args);
      }),
    );
    if (engine.name !== 'netns') await nothingOnDocker(engine, lanes);
  }, 900_000);
}

async function whole(args: string[]): Promise<Whole> {
  const began = performance.now();
  const ended = await start(args).ended;
  expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
  return { ...ended, took: performance.now() - began };
}

async function killWhen(moment: Moment, args: string[]): Promise<void> {
  const command = start(args);
  await moment(command);
  const below = descendants(command.pid);
  const namespaces = networkNamespaces(below);
  command.child.kill('SIGKILL');
  await command.ended;
  await expect.poll(() => running(below), { timeout: 30_000 }).toEqual([]);
  await expect.poll(() => stillUsed(namespaces), { timeout: 30_000 }).toEqual([]);
}

async function nothingOnDocker(engine: Engine, lanes: readonly { name: string }[]): Promise<void> {
  const docker = new Docker();
  // What was made and not yet started stays for the next command; what ran has ended with the command.
  const stillRunning = async () => {
    const running = lanes.map(({ name }) =>
      docker.listContainers({ filters: { label: [`lanlab.name=${name}`] } }),
    );
    return (await Promise.all(running)).flat().map(({ Names }) => Names[0]);
  };
  // Compose's agents wait for whoever connects next, so those of the last kill run on until the next command.
  if (engine.name === 'docker') await expect.poll(stillRunning, { timeout: 30_000 }).toEqual([]);
  await engine.sweep([]);
  expect((await Promise.all(lanes.map(({ name }) => labelled(docker, name)))).flat()).toEqual([]);
  expect(
    (await readdir(tmpdir())).filter((name) => name.includes(`killed-${engine.name}-${process.pid}`)),
  ).toEqual([]);
}
