/**
 * Starts a process in the namespaces of the thread that calls, by posix_spawn(3). Node's own way copies the page tables of
 * this process, with all its agents' memory, for every process that it starts. That would be most of the cost of a host.
 */

import { closeSync, existsSync, read } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import koffi from 'koffi';
import { patient } from '../agent/patience.ts';
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
  wait: libc.func('int waitpid(int pid, _Out_ int *status, int options)'),
};

/** Bytes for the actions, and for the attributes: more than any C library needs. */
const ROOM = 1024;
const OWN_SESSION = 0x80;
const WNOHANG = 1;
/** Milliseconds between two looks whether a process that was killed is gone. */
const AGAIN = 2;
const STARTS_WITHIN = 60_000;

export interface Started {
  pid: number;
  /** The end of a pipe from its standard output and standard error. A reader that has read enough closes it. */
  output: number;
}

/** Starts it in a session of its own, with nothing on standard input. Throws an Error where there is no such program. */
export function start(argv: readonly string[], env: NodeJS.ProcessEnv): Started {
  const { readable, writable } = makePipe(4096, true);
  const [actions, attributes, pid] = [Buffer.alloc(ROOM), Buffer.alloc(ROOM), [0]];
  calls.initActions(actions);
  calls.open(actions, 0, '/dev/null', 0, 0);
  calls.duplicate(actions, writable, 1);
  calls.duplicate(actions, writable, 2);
  calls.initAttributes(attributes);
  calls.setFlags(attributes, OWN_SESSION);
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const refused = calls.spawn(
    pid,
    argv[0]!,
    actions,
    attributes,
    [...argv, null],
    [...settings, null],
  ) as number;
  calls.freeActions(actions);
  closeSync(writable);
  if (refused === 0) return { pid: pid[0]!, output: readable };
  closeSync(readable);
  throw Object.assign(new Error(`${argv[0]} cannot be started: ${errnoName(refused)}`), {
    code: errnoName(refused),
  });
}

/** The next output; empty when the process and all that it started have closed both streams. */
export async function nextWords(file: number): Promise<string> {
  const { bytesRead, buffer } = await promisify(read)(file, Buffer.alloc(4096), 0, 4096, null);
  return buffer.toString('utf8', 0, bytesRead);
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
