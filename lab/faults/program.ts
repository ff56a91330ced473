/** A host's program, with all that it has started, as faults treat it: asked or made to end, paused, started again. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessState } from '../agent/protocol.ts';
import type { ProgramEnd } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import { showTime } from '../outcomes/show.ts';
import type { Breaking, Reference } from '../scenario/vocabulary.ts';
import type { LiveHosts } from './fault.ts';

/** The host's program, as messages and the loader name it. */
export function programOf(host: string): string {
  return `the program of \`${host}\``;
}

/** `echo` is the name of a host that has a program. */
export function referenceTo(host: string): Reference[] {
  return [{ path: [], is: 'program', value: host }];
}

export function breaking(host: string, state: string, undo: string): Omit<Breaking, 'as'> {
  return { path: [], holds: [programOf(host)], state, undo: `${undo}: ${host}` };
}

export type WithProgram = LiveHost & Required<Pick<LiveHost, 'program'>>;

export function hostWithProgram(hosts: LiveHosts, name: string): WithProgram {
  const host = hosts.get(name);
  if (!host)
    throw new LabError('scenario', `no host \`${name}\``, {
      hint: `hosts are ${[...hosts.keys()].join(', ')}`,
    });
  if (!host.program) throw new LabError('scenario', `${name} has no program`);
  return host as WithProgram;
}

/** Throws LabError (`scenario`) where it has ended: there is nothing to break. */
export function running(hosts: LiveHosts, name: string): WithProgram {
  const host = hostWithProgram(hosts, name);
  if (!host.ended) return host;
  throw new LabError('scenario', `the program of ${name} has already ended: ${showEnd(host.ended)}`, {
    hint: `start it first: \`start: ${name}\``,
  });
}

/** Like `running`; processes that a program has left behind when it ended count too. */
export async function runningAtAll(hosts: LiveHosts, name: string): Promise<WithProgram> {
  const host = hostWithProgram(hosts, name);
  return host.ended && (await living(host)).length > 0 ? host : running(hosts, name);
}

export async function startUnlessRunning(host: LiveHost): Promise<string> {
  if (!host.ended) return `the program of ${host.name} runs already`;
  const began = performance.now();
  await host.start();
  return `started the program of ${host.name}: ready after ${showTime(performance.now() - began)}`;
}

export async function resumeUnlessRunning(host: WithProgram): Promise<string> {
  if (!host.paused || host.ended) return `the program of ${host.name} is not paused any more`;
  await host.program.signal('SIGCONT');
  host.paused = false;
  return `resumed the program of ${host.name}`;
}

/** `exit 0`, `ended by SIGKILL` */
export function showEnd({ exit, signal }: ProgramEnd): string {
  return signal === null ? `exit ${exit}` : `ended by ${signal}`;
}

/** The processes of the host's program that are seen and have not ended; one that only waits for its parent's look at it has. */
export async function living({ program }: WithProgram): Promise<ProcessState[]> {
  return ((await program.processes?.()) ?? []).filter(({ state }) => state !== 'Z' && state !== 'X');
}

/** `process 4 (sh)`, `processes 4 (sh), 7 (python3)` */
export function showProcesses(all: readonly ProcessState[]): string {
  const each = all.map(({ pid, name }) => `${pid} (${name})`);
  return `${each.length === 1 ? 'process' : 'processes'} ${each.join(', ')}`;
}

/** The end of a program that was asked or made to end. */
export interface Ending {
  /** Undefined where its first process runs on. */
  end?: ProgramEnd;
  /** Processes of it that still run. */
  left: ProcessState[];
}

const LOOK_EVERY = 10;

/**
 * Sends the signal to all that the program is and waits until none of it runs, so many milliseconds at most. SIGKILL is
 * sent again to what was born meanwhile.
 */
export async function endBy(
  host: WithProgram,
  signal: 'SIGTERM' | 'SIGKILL',
  within: number,
): Promise<Ending> {
  const { program } = host;
  const limit = performance.now() + within;
  const ending: Ending = { left: [] };
  const ended = program.ended.then((end) => {
    ending.end = end;
  });
  await program.signal(signal);
  for (;;) {
    ending.left = await living(host);
    if ((ending.left.length === 0 && ending.end) || performance.now() >= limit) return ending;
    if (signal === 'SIGKILL' && ending.left.length > 0) await program.signal(signal);
    await Promise.race([wait(LOOK_EVERY), ...(ending.end ? [] : [ended])]);
  }
}

/** How it ended, as plain facts. */
export function fieldsOf({ exit, signal }: ProgramEnd): Record<string, string | number> {
  return { ...(exit !== null && { exit }), ...(signal !== null && { signal }) };
}
