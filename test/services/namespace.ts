/** Processes that each have a network namespace of their own, and do there what a test asks. */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServiceEvent } from '../../services/events.ts';
import type { Task } from './namespace-worker.ts';
import { type Recorder, recorder } from './recorder.ts';

export interface Worker {
  readonly process: ChildProcess;
  readonly events: Recorder;
  do(task: Task): Promise<unknown>;
}

export async function namespace(): Promise<Worker> {
  const child = fork(fileURLToPath(new URL('namespace-worker.ts', import.meta.url)), [], {
    execPath: 'unshare',
    execArgv: ['--net', process.execPath],
  });
  const events = recorder();
  const calls = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  child.on('message', (message: { event?: ServiceEvent; id?: number; result?: unknown; error?: string }) => {
    if (message.event !== undefined) events.onEvent(message.event);
    const call = calls.get(message.id ?? -1);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(message.error));
  });
  await once(child, 'message');
  let id = 0;
  return {
    process: child,
    events,
    do(task) {
      id += 1;
      child.send({ id, task });
      return new Promise((resolve, reject) => calls.set(id, { resolve, reject }));
    },
  };
}

const probe = spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'probe0', 'type', 'veth']);
export const noNamespace =
  probe.status === 0
    ? undefined
    : `no network namespace can be made here (${probe.stderr ?? probe.error}): run as root`;
