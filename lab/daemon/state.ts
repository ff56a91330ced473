/** The labs that are up on this machine: a file for each in the state folder, beside its owner's socket and log. */
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineName } from '../engines/engine.ts';
import { stateFolder } from '../engines/state-folder.ts';
import { LabError } from '../errors.ts';
import type { Plan } from '../model/planned.ts';
import { programName } from '../reports/result.ts';
import { draftOf } from './drafts.ts';

/** The version of this file's shape and of the owner's calls. A command of another version can only take the lab down. */
export const STATE_VERSION = 1;

export type Phase = 'coming up' | 'up' | 'running' | 'changing' | 'going down';

export interface LabState {
  version: number;
  id: string;
  /** Name of the lab (`lab:`). */
  lab: string;
  /** The scenario's absolute path. */
  file: string;
  engine: EngineName;
  /** The engine's own name and version: `Docker 26.1.5`. */
  engineVersion?: string;
  owner: {
    pid: number;
    /** This process and no other: see lab/engines/owner.ts. */
    identity: string;
  };
  phase: Phase;
  /** The time at which the lab was begun (ISO 8601). */
  since: string;
  hosts: { name: string; addresses: string[]; program?: string }[];
}

const pathTo = (id: string, extension: string) => join(stateFolder(), `${id}.${extension}`);

/** sockaddr_un(7): 108 bytes, and one of them ends the path. */
const LONGEST_SOCKET = 107;

export function socketPath(id: string): string {
  const path = pathTo(id, 'sock');
  if (Buffer.byteLength(path) <= LONGEST_SOCKET) return path;
  throw new LabError('usage', `the path of the socket is longer than ${LONGEST_SOCKET} bytes: ${path}`, {
    hint: 'set LANLAB_STATE to a folder with a shorter path',
  });
}

export const logPath = (id: string) => pathTo(id, 'log');

/** Nobody else may look in: a user who can open a lab's socket can run commands. */
export async function makeStateFolder(): Promise<string> {
  const folder = stateFolder();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (cause) {
    const why = (cause as Error).message;
    const hint = 'set LANLAB_STATE to a folder that you may write to';
    throw new LabError('usage', `the folder for the state of labs cannot be used: ${why}`, { hint, cause });
  }
  return folder;
}

/** Writes the file whole or not at all: a reader never sees half of it. */
export async function writeState(state: LabState): Promise<void> {
  const path = pathTo(state.id, 'json');
  const draft = draftOf(path);
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Every lab that has a state file, the oldest first. */
export async function readStates(): Promise<LabState[]> {
  const names = await readdir(stateFolder()).catch(() => []);
  const found: LabState[] = [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const text = await readFile(join(stateFolder(), name), 'utf8').catch(() => ''); // Just taken down.
    const state = parseState(text);
    if (state) found.push(state);
  }
  return found.sort((a, b) => a.since.localeCompare(b.since));
}

/** Undefined for a text that is not a state file of ours. */
function parseState(text: string): LabState | undefined {
  try {
    const state = JSON.parse(text) as Partial<LabState>;
    return state.id && state.owner?.identity && Array.isArray(state.hosts) ? (state as LabState) : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file with the lab's socket and log. A file that is gone already is no error. */
export async function removeState(id: string): Promise<void> {
  for (const extension of ['sock', 'log', 'json']) await rm(pathTo(id, extension), { force: true });
}

export function hostsOf(plan: Plan): LabState['hosts'] {
  return plan.hosts.map(({ name, interfaces, program }) => ({
    name,
    addresses: interfaces.flatMap((card) => card.addresses.map(({ address }) => address)),
    ...(program && { program: programName(program) }),
  }));
}
