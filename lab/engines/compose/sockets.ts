/** The agents' Unix sockets, in a folder that they share with us. */
import { once } from 'node:events';
import { watch } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { LabError } from '../../errors.ts';
import type { PlannedHost } from '../../model/planned.ts';

export interface Patience {
  signal: AbortSignal;
  /** Milliseconds that an agent may take until its socket is there. */
  within: number;
}

/** Errors that mean that nobody listens there yet: no such file, or a file that an earlier agent left. */
const NOT_YET = ['ENOENT', 'ECONNREFUSED'];

export function socketOf(folder: string, host: string): string {
  return join(folder, `${host}.sock`);
}

/** A stream for every host, or an error and no stream at all. */
export async function connectAll(
  folder: string,
  hosts: readonly PlannedHost[],
  patience: Patience,
): Promise<Map<string, Duplex>> {
  const tries = hosts.map(async ({ name }) => [name, await connectTo(folder, name, patience)] as const);
  const settled = await Promise.allSettled(tries);
  const streams = new Map(settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
  const failed = settled.find((each) => each.status === 'rejected');
  if (!failed) return streams;
  for (const stream of streams.values()) stream.destroy();
  throw failed.reason;
}

/** Connects to the agent of a host as soon as it listens. Throws LabError, or what the signal was aborted with. */
export async function connectTo(folder: string, host: string, { signal, within }: Patience): Promise<Socket> {
  const limit = AbortSignal.timeout(within);
  const either = AbortSignal.any([signal, limit]);
  using changes = changesIn(folder);
  for (;;) {
    const changed = changes.next();
    const socket = await attempt(socketOf(folder, host));
    if (socket) return socket;
    const enough = once(either, 'abort');
    if (!either.aborted) await Promise.race([changed, enough]);
    signal.throwIfAborted();
    if (limit.aborted) throw silent(host, within);
  }
}

async function attempt(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (NOT_YET.includes(code)) return undefined;
    throw new LabError('agent', `cannot connect to an agent: ${message}`, { cause: error });
  }
}

/** `next` resolves with the folder's next change after the call. */
function changesIn(folder: string): { next(): Promise<void> } & Disposable {
  let waiting: (() => void)[] = [];
  const watcher = watch(folder, () => {
    for (const resolve of waiting) resolve();
    waiting = [];
  });
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    [Symbol.dispose]: () => watcher.close(),
  };
}

function silent(host: string, within: number): LabError {
  const message = `the agent of ${host} does not listen after ${within / 1000} s`;
  return new LabError('agent', message, { hint: 'take everything down and bring it up again' });
}
