/** A host's program as faults treat it: asked or made to end, paused, started again. */
import type { ProgramEnd } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../host.ts';
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

/** Sends the signal and waits for the end: undefined where it has not come within so many milliseconds. */
export async function endBy(
  host: WithProgram,
  signal: 'SIGTERM' | 'SIGKILL',
  within: number,
): Promise<ProgramEnd | undefined> {
  const { program } = host;
  await program.signal(signal);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, within, undefined);
  try {
    return await Promise.race([program.ended, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How it ended, as plain facts. */
export function fieldsOf({ exit, signal }: ProgramEnd): Record<string, string | number> {
  return { ...(exit !== null && { exit }), ...(signal !== null && { signal }) };
}
