/** A program as a user starts it: `node services/NAME/main.ts` with an environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Listening, ServiceEvent } from '../../services/events.ts';
import { type Recorder, recorder } from './recorder.ts';

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly events: Recorder;
  /** The ports of the `ready` line, by service. */
  ports(): Promise<Record<string, number>>;
  /** Exit code, signal and standard error, once it has ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** `read: false` leaves standard output unread. `LIMIT` is the number of descriptors that the program may have. */
export function startProgram(name: string, env: Record<string, string>, read = true): Program {
  const main = fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url));
  const limited = env.LIMIT === undefined ? [] : ['prlimit', `--nofile=${env.LIMIT}`];
  const [command = '', ...words] = [...limited, process.execPath, main];
  const child = spawn(command, words, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events = recorder();
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  let killed = false;
  if (read) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      // SIGKILL may cut the last line.
      if (!killed) events.onEvent(JSON.parse(line) as ServiceEvent);
    });
  }
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, stderr }));
  return {
    process: child,
    events,
    ended,
    async ports() {
      const ready = await Promise.race([events.seen({ event: 'ready' }), ended.then(notReady)]);
      return Object.fromEntries((ready.listening as Listening[]).map(({ service, port }) => [service, port]));
    },
    async [Symbol.asyncDispose]() {
      killed = true;
      child.kill('SIGKILL');
      child.stdout.resume();
      await ended;
    },
  };
}

function notReady({ stderr }: { stderr: string }): never {
  throw new Error(`ended before it was ready: ${stderr}`);
}
