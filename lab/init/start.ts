/**
 * Starts a process in the namespaces of the thread that calls, by posix_spawn(3). Node's own way copies the page tables of
 * this process, with all its agents' memory, for every process that it starts. That would be most of the cost of a host.
 */

import { closeSync, existsSync, read } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import koffi from 'koffi';
import { patient } from '../agent/patience.ts';
import type { Argv } from '../agent/spawn.ts';
import { errnoName, makePipe } from './kernel.ts';

const libc = koffi.load(null);
const calls = {
  spawn: libc.func(
    'int posix_spawnp(_Out_ int *pid, str file, void *actions, void *attributes, const char **argv, const char **env)',
  ),
  initActions: libc.func('int posix_spawn_file_actions_init(void *actions)'),
  open: libc.func(
    'int posix_spawn_file_actions_addopen(void *actions, int file, str path, int flags, uint mode)',
  ),
  duplicate: libc.func('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)'),
  freeActions: libc.func('int posix_spawn_file_actions_destroy(void *actions)'),
  initAttributes: libc.func('int posix_spawnattr_init(void *attributes)'),
  setFlags: libc.func('int posix_spawnattr_setflags(void *attributes, short flags)'),
  setDefaults: libc.func('int posix_spawnattr_setsigdefault(void *attributes, void *signals)'),
  setMask: libc.func('int posix_spawnattr_setsigmask(void *attributes, void *signals)'),
  freeAttributes: libc.func('int posix_spawnattr_destroy(void *attributes)'),
  fillSet: libc.func('int sigfillset(_Out_ void *signals)'),
  wait: libc.func('int waitpid(int pid, _Out_ int *status, int options)'),
};

/** Bytes for the actions, for the attributes and for a set of signals: more than any C library needs. */
const ROOM = 1024;
/** Flags of posix_spawnattr_setflags(3). */
const [SIGNALS_TO_DEFAULT, SIGNAL_MASK, OWN_SESSION] = [0x04, 0x08, 0x80];
const WNOHANG = 1;
/** By number. Real-time signals have no names in Node. */
const SIGNALS = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
);
/** Milliseconds between two looks whether a process that was killed is gone. */
const AGAIN = 2;
const STARTS_WITHIN = 60_000;

export interface Started {
  pid: number;
  /** The end of a pipe from its standard output and standard error. A reader that has read enough closes it. */
  output: number;
}

/** Open files of ours that become its standard input, output and error. Without an input it reads nothing. */
export interface StandardFiles {
  readonly input?: number;
  readonly output: number;
  readonly errors: number;
}

/** Starts it in a session of its own, with nothing on standard input. Throws an Error where there is no such program. */
export function start(argv: Argv, env: NodeJS.ProcessEnv): Started {
  const { readable, writable } = makePipe(4096, true);
  try {
    return { pid: startWith(argv, env, { output: writable, errors: writable }), output: readable };
  } catch (error) {
    closeSync(readable);
    throw error;
  } finally {
    closeSync(writable);
  }
}

/**
 * Starts it in a session of its own, with no signal blocked or ignored, and returns its number. It is looked for in the PATH of
 * this process, whatever `env` says. Throws an Error like that of Node's own `spawn` where it cannot be started.
 */
export function startWith(argv: Argv, env: NodeJS.ProcessEnv, files: StandardFiles): number {
  const [actions, attributes, signals, pid] = [
    Buffer.alloc(ROOM),
    Buffer.alloc(ROOM),
    Buffer.alloc(ROOM),
    [0],
  ];
  calls.initActions(actions);
  if (files.input === undefined) calls.open(actions, 0, '/dev/null', 0, 0);
  else calls.duplicate(actions, files.input, 0);
  calls.duplicate(actions, files.output, 1);
  calls.duplicate(actions, files.errors, 2);
  calls.initAttributes(attributes);
  calls.setMask(attributes, signals);
  calls.fillSet(signals);
  calls.setDefaults(attributes, signals);
  calls.setFlags(attributes, SIGNALS_TO_DEFAULT | SIGNAL_MASK | OWN_SESSION);
  const settings = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const refused = calls.spawn(
    pid,
    argv[0],
    actions,
    attributes,
    [...argv, null],
    [...settings, null],
  ) as number;
  calls.freeActions(actions);
  calls.freeAttributes(attributes);
  if (refused === 0) return pid[0]!;
  const [code, syscall] = [errnoName(refused), `spawn ${argv[0]}`];
  throw Object.assign(new Error(`${syscall} ${code}`), { code, syscall, path: argv[0] });
}

/** The next output; empty when the process and all that it started have closed both streams. */
export async function nextWords(file: number): Promise<string> {
  const { bytesRead, buffer } = await promisify(read)(file, Buffer.alloc(4096), 0, 4096, null);
  return buffer.toString('utf8', 0, bytesRead);
}

export interface Ending {
  exit: number | null;
  signal: NodeJS.Signals | null;
}

/** How a process of ours has ended; undefined while it runs. Tells it once: the process is forgotten then. */
export function endingOf(pid: number): Ending | undefined {
  const status = [0];
  const found = calls.wait(pid, status, WNOHANG) as number;
  if (found === 0) return undefined;
  if (found < 0) throw new Error(`process ${pid} was waited for by somebody else`);
  // As wait(2) has it: the lowest seven bits are a signal, and the next byte is the exit code.
  const [number, exit] = [status[0]! & 0x7f, (status[0]! >> 8) & 0xff];
  return number === 0 ? { exit, signal: null } : { exit: null, signal: SIGNALS.get(number) ?? null };
}

/** A process that has ended and was not yet waited for has no namespaces any more. */
export function running(pid: number): boolean {
  return existsSync(`/proc/${pid}/ns/net`);
}

/**
 * Kills a process. Resolves when it is gone; if it is process 1 of a namespace, all others there are gone too. Resolves also
 * when it does not go in time: then the kernel removes it with the lab at the latest.
 */
export async function end(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, and not yet waited for.
  }
  const limit = performance.now() + patient(STARTS_WITHIN);
  while ((calls.wait(pid, [0], WNOHANG) as number) === 0 && performance.now() < limit) await pause(AGAIN);
}
