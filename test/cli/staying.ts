/** Labs that stay: the command with a state folder of its own, scenario files to edit, and everything down at the end. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { EngineName } from '../../lab/engines/engine.ts';
import { enginesHere, isTried } from '../engines-here.ts';
import { describeNeeding } from '../needs.ts';
import { type Ended, ROOT, type Running, start } from './command.ts';

export interface Staying extends AsyncDisposable {
  folder: string;
  /** Where the labs' state is. */
  state: string;
  /** Writes a scenario file; its path. */
  scenario(name: string, text: string): Promise<string>;
  start(...args: string[]): Running;
  lanlab(...args: string[]): Promise<Ended>;
  /** The command with something on its standard input. */
  given(input: string | Buffer, ...args: string[]): Promise<Ended>;
  /** Standard output of a command that must succeed. */
  said(...args: string[]): Promise<string>;
}

export async function staying(): Promise<Staying> {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-test-'));
  const state = join(folder, 'state');
  const env = { LANLAB_STATE: state };
  const lanlab = (...args: string[]) => start(args, env).ended;
  return {
    folder,
    state,
    scenario: async (name, text) => {
      const path = join(folder, `${name}.yaml`);
      await writeFile(path, text);
      return path;
    },
    start: (...args) => start(args, env),
    lanlab,
    given: (input, ...args) => given(input, args, env),
    said: async (...args) => {
      const { exit, stdout, stderr } = await lanlab(...args);
      if (exit !== 0) throw new Error(`lanlab ${args.join(' ')}: exit ${exit}\n${stdout}${stderr}`);
      return stdout;
    },
    [Symbol.asyncDispose]: async () => {
      const { exit, stderr } = await lanlab('down', '--all');
      if (exit !== 0) throw new Error(`lanlab down --all: exit ${exit}\n${stderr}`);
      await rm(folder, { recursive: true });
    },
  };
}

function given(input: string | Buffer, args: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(join(ROOT, 'bin/lanlab'), args, { cwd: ROOT, env: { ...process.env, ...env } });
  const out: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {}); // It may end before it has read all.
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('close', (exit, signal) =>
      resolve({ exit, signal, stdout: Buffer.concat(out).toString('latin1'), stderr }),
    );
  });
}

/** Once on each of these engines. `net`: second byte of subnets that no other file of tests has. */
export async function onEngines(
  engines: readonly EngineName[],
  title: string,
  net: number,
  body: (engine: EngineName, net: number) => void,
) {
  for (const { engine, report } of await enginesHere()) {
    if (!engines.includes(engine.name)) continue;
    const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
    describeNeeding(engine.name, missing, `${title} on ${engine.name}`, () => body(engine.name, net));
  }
}

/** Engines on which a lab can stay, where one machine is enough. */
export const STAYING: readonly EngineName[] = ['docker', 'netns'];

/** The same for what takes long: on Docker the soak alone tries it. */
export const onEachEngine = (title: string, net: number, body: (engine: EngineName, net: number) => void) =>
  onEngines(STAYING.filter(isTried), title, net, body);

export interface Listed {
  id: string;
  lab: string;
  engine: string;
  file: string;
  owner: number;
  alive: boolean;
  phase: string;
  hosts: { name: string; addresses: string[]; program?: string }[];
}

export async function labs(of: Staying): Promise<Listed[]> {
  return JSON.parse(await of.said('ps', '--json')) as Listed[];
}

export async function edited(path: string, edit: (text: string) => string): Promise<void> {
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

/** Containers and networks that carry the lab's label. */
export async function leftOnDocker(engine: EngineName, id: string): Promise<string[]> {
  if (engine !== 'docker') return [];
  const docker = new Docker();
  const filters = { label: [`lanlab.lab=${id}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => Name)];
}
