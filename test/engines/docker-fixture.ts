/** Small labs for the tests of the Docker engine: an agent that sends back what it gets, and images of a line or two. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, expect } from 'vitest';
import type { Sources } from '../../lab/engines/containers/images.ts';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import type { LiveNetwork } from '../../lab/engines/engine.ts';
import { LabError } from '../../lab/errors.ts';
import type { Plan, PlannedHost } from '../../lab/model/planned.ts';
import type { Program } from '../../lab/model/types.ts';

export const docker = new Docker();

const required = (process.env.LANLAB_REQUIRE ?? '').split(',').includes('docker');
const lacking = (await dockerEngine().probe()).lacking;
if (lacking && required) throw new Error(`docker is required: ${lacking.why}; ${lacking.hint}`);
if (lacking) console.log(`skipped, no Docker: ${lacking.why}; ${lacking.hint}`);
/** For describe.skipIf: true where no engine answers. */
export const noDocker = lacking !== undefined;

const MARK = `lanlab.test=${randomBytes(4).toString('hex')}`;

const AGENT = `
process.stdin.pipe(process.stdout);
process.stdin.on('data', (chunk) => {
  if (chunk.toString() === 'die') process.stderr.write('out of ideas', () => process.exit(3));
});
`;

export const AGENT_FILES = {
  Dockerfile: `ARG BASE_IMAGE\nFROM \${BASE_IMAGE}\nLABEL ${MARK}\nCOPY echo.mjs /agent/\nENTRYPOINT ["node", "/agent/echo.mjs"]\n`,
  'echo.mjs': AGENT,
};

/** A service is a shell command here. */
export function serviceFiles(command: string): Record<string, string> {
  const lines = ['ARG BASE_IMAGE', `FROM \${BASE_IMAGE}`, `LABEL ${MARK}`, 'USER 65534:65534'];
  return { 'tcp-echo/Dockerfile': [...lines, `CMD ${JSON.stringify(['sh', '-c', command])}`, ''].join('\n') };
}

const folders: string[] = [];

export async function folder(files: Record<string, string>): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'lanlab-test-'));
  folders.push(made);
  for (const [path, text] of Object.entries(files)) await writeInto(made, path, text);
  return made;
}

export async function writeInto(base: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), text);
}

export async function sources(service = 'sleep 1000'): Promise<Sources> {
  return { agent: await folder(AGENT_FILES), services: await folder(serviceFiles(service)) };
}

afterAll(async () => {
  await Promise.all(folders.map((each) => rm(each, { recursive: true })));
  if (noDocker) return;
  const images = await docker.listImages({ filters: { label: [MARK] } });
  for (const { Id } of images) await docker.getImage(Id).remove({ force: true });
});

/** A name that no other test has, so that what is left of a lab that never came up is found too. */
export function labName(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}

/** One network, `net`: 10.61.N.0/24. Hosts are `a`, `b`, … from .10 on; the given program is the first one's. */
export function plan(name: string, net: number, hosts = 1, program?: Program): Plan {
  const subnet = `10.61.${net}.0/24`;
  const engineAddress = `10.61.${net}.254`;
  const broadcast = `10.61.${net}.255`;
  return {
    lab: name,
    networks: [
      {
        name: 'net',
        subnets: [{ family: 'ipv4', subnet, prefix: 24, engineAddress, broadcast }],
        mtu: 1500,
        internet: false,
      },
    ],
    hosts: Array.from({ length: hosts }, (_, index): PlannedHost => {
      const mac = `02:00:00:3d:${net.toString(16).padStart(2, '0')}:${(index + 10).toString(16).padStart(2, '0')}`;
      const address = `10.61.${net}.${index + 10}`;
      const addresses = [{ family: 'ipv4' as const, address, prefix: 24, broadcast }];
      const card = { name: 'eth0', network: 'net', mac, addresses };
      const host = {
        name: String.fromCharCode(97 + index),
        interfaces: [{ ...card, members: [], mtu: 1500, internet: false }],
      };
      const rest = { forward: false, routes: [], hostsFile: '127.0.0.1 localhost\n', sysctls: {}, files: [] };
      return { ...host, ...rest, ...(index === 0 && program && { program }) };
    }),
  };
}

export function command(...argv: string[]): Program {
  return { kind: 'command', argv, env: {} };
}

export function shell(script: string): Program {
  return command('sh', '-c', script);
}

export interface Told {
  lines: string[];
  /** Resolves with the first line, past or to come, that passes. */
  line(test: (line: string) => boolean): Promise<string>;
}

export interface Hearing extends Told {
  stdout(line: string): void;
  stderr(line: string): void;
}

export function hearing(): Hearing {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const hear = (more: string, sign = '') => {
    for (const line of more.split('\n')) lines.push(sign + line);
    for (const wake of waiting) wake();
  };
  const line = (test: (line: string) => boolean) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = lines.find(test);
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { lines, line, stdout: (text) => hear(text), stderr: (text) => hear(text, '! ') };
}

export async function up(
  from: Sources,
  wanted: Plan,
  progress: (line: string) => void = () => {},
  signal = new AbortController().signal,
): Promise<LiveNetwork> {
  return dockerEngine(from).up(wanted, { progress, signal });
}

export async function failure(work: Promise<unknown>): Promise<LabError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

/** Kind and name of everything with this label. */
export async function labelled(label: string): Promise<string[]> {
  const filters = { label: [label] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [
    ...containers.map(({ Names }) => `container ${Names[0]?.slice(1)}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).map(() => 'volume'),
  ].sort();
}
