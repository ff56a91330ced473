/** The command ended at given moments of a run, on each engine: what it leaves, and what the next one does about it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { descendants, type Ended, type Running, running, start } from '../cli/command.ts';
import { enginesHere } from '../engines-here.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';

/** A moment of a run: resolves when it has come, rejects where the command has ended before. */
export type Moment = (command: Running) => Promise<void>;

/** A run that nobody disturbed; `took` in milliseconds. */
export interface Whole extends Ended {
  took: number;
}

/** A lab that is run again and again; its name and subnet are its own, so that whatever it leaves is found by them. */
export interface Lane {
  name: string;
  args: string[];
}

/** Side by side: as many as there are processors to be killed on. */
export const AT_ONCE = 2;

/** A run of a second or so. */
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

/** As a run prints them. */
export const STEPS = ['1 first', '2 second', '3 third'];

/** `name` begins the lanes' names; `second` is the second byte of their subnets, which no other file has. */
export async function lanesOf(name: string, second: number, { folder, engine }: Place): Promise<Lane[]> {
  // Two who run the tests on one machine are not to take each other's subnets.
  const third = (process.pid % 100) * AT_ONCE;
  return Promise.all(
    Array.from({ length: AT_ONCE }, async (_, lane) => {
      const lab = `${name}-${engine.name}-${process.pid}-${lane}`;
      const file = join(folder, `${lab}.yaml`);
      await writeFile(file, scenario(lab, `10.${second}.${third + lane}.0/24`));
      return { name: lab, args: ['run', file, '--engine', engine.name] };
    }),
  );
}

export interface Place {
  /** For scenarios. */
  folder: string;
  engine: Engine;
}

/** `body` declares the tests of each engine; `place.folder` is there while they run. */
export async function onEachEngine(title: string, body: (place: Place) => void): Promise<void> {
  for (const { engine, report } of await enginesHere()) {
    const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
    describeNeeding(engine.name, missing, `${title} on ${engine.name}`, () => {
      const place: Place = { folder: '', engine };
      beforeAll(async () => {
        place.folder = await mkdtemp(join(tmpdir(), 'lanlab-killed-'));
      });
      afterAll(() => rm(place.folder, { recursive: true, force: true }));
      body(place);
    });
  }
}

/** `momentsOf` says when to kill, from what a whole run said and took. */
export async function killedAt(title: string, momentsOf: (whole: Whole) => Moment[]): Promise<void> {
  await onEachEngine('killed', (place) => {
    test(`${title} with kill -9: no process, no namespace, and nothing after the next command`, async () => {
      const lanes = await lanesOf('killed', 85, place);
      const wholes = await Promise.all(lanes.map(({ args }) => whole(args)));
      await Promise.all(
        lanes.map(async ({ args }, lane) => {
          const moments = momentsOf(wholes[lane]!);
          expect(moments.length).toBeGreaterThan(5);
          for (const [index, moment] of moments.entries())
            if (index % AT_ONCE === lane) await killWhen(moment, args);
        }),
      );
      await afterTheNext(place, lanes);
    }, 900_000);
  });
}

/** A run that holds: anything else fails, and shows what was said. */
export async function whole(args: string[]): Promise<Whole> {
  const began = performance.now();
  const ended = await start(args).ended;
  expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
  return { ...ended, took: performance.now() - began };
}

async function killWhen(moment: Moment, args: string[]): Promise<void> {
  const { gone } = await endWhen(moment, args, ['SIGKILL']);
  await gone();
}

/**
 * Resolves when the command itself has ended; `gone` when nothing that it started runs any more, nor is in a namespace of it.
 * `gone` is called once.
 */
export async function endWhen(
  moment: Moment,
  args: string[],
  signals: NodeJS.Signals[],
): Promise<{ ended: Ended; gone(): Promise<void> }> {
  const command = start(args);
  await moment(command);
  const below = descendants(command.pid);
  const namespaces = networkNamespaces(below);
  for (const signal of signals) command.child.kill(signal);
  const ended = await command.ended;
  const gone = async () => {
    using left = namespaces;
    await expect.poll(() => running(below), { timeout: 30_000 }).toEqual([]);
    await expect.poll(() => left.stillUsed(), { timeout: 30_000 }).toEqual([]);
  };
  return { ended, gone };
}

async function afterTheNext({ engine }: Place, lanes: readonly Lane[]): Promise<void> {
  // What was made and not yet started stays for the next command; what ran has ended with the command.
  // Compose's agents wait for whoever connects next, so those of the last kill run on until the next command.
  if (engine.name === 'docker') await expect.poll(() => hostsOf(lanes), { timeout: 30_000 }).toEqual([]);
  await engine.sweep([]);
  expect(await leftOf(engine, lanes)).toEqual([]);
}

/** Containers that run. */
async function hostsOf(lanes: readonly Lane[]): Promise<string[]> {
  const docker = new Docker();
  const all = lanes.map(({ name }) => docker.listContainers({ filters: { label: [`lanlab.name=${name}`] } }));
  return (await Promise.all(all)).flat().map(({ Names }) => String(Names[0]));
}

/** What there is of these labs beside processes: in Docker, and in the folder for temporary files. */
export async function leftOf(engine: Engine, lanes: readonly Lane[]): Promise<string[]> {
  const files = await readdir(tmpdir());
  const folders = files.filter((file) => lanes.some(({ name }) => file.includes(name)));
  if (engine.name === 'netns') return folders;
  const docker = new Docker();
  const objects = await Promise.all(lanes.map(({ name }) => labelled(docker, name)));
  return [...objects.flat(), ...folders.map((folder) => `folder ${folder}`)];
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
