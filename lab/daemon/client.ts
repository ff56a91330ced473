/** A command's end of the socket of a lab's owner. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { openChannel } from '../agent/channel.ts';
import type { AgentCalls } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { CommandCalls, OwnerCalls } from './protocol.ts';
import { type LabState, logPath, STATE_VERSION, socketPath } from './state.ts';
import { type Answering, asking } from './trouble.ts';

export interface OwnerClient extends Disposable {
  calls: OwnerCalls;
  /** Settles when the connection is closed, by the owner or by us. */
  gone: Promise<unknown>;
}

export interface ConnectOptions {
  progress?(line: string): void;
}

/** Throws LabError where no owner answers, and for an owner of another version. */
export async function connectOwner(state: LabState, options: ConnectOptions = {}): Promise<OwnerClient> {
  const { id, lab, version } = state;
  if (version !== STATE_VERSION) {
    throw new LabError('usage', `the lab ${lab} (${id}) was brought up by another version of lanlab`, {
      hint: `take it down: lanlab down ${id}`,
    });
  }
  const socket = createConnection(socketPath(id));
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new LabError('agent', `the daemon of ${lab} (${id}) does not answer: ${(cause as Error).message}`, {
      hint: `see what it said last (${logPath(id)}), or take the lab down: lanlab down ${id}`,
      cause,
    });
  }
  const gone = once(socket, 'close');
  const local: CommandCalls = { progress: options.progress ?? (() => {}) };
  const lost = () =>
    new LabError('agent', `the lab ${lab} (${id}) has been taken down, or its daemon has ended`);
  const remote = openChannel<Answering<OwnerCalls>, CommandCalls>(socket, local, lost);
  return { calls: asking<OwnerCalls>(remote), gone, [Symbol.dispose]: () => socket.destroy() };
}

/** The calls of one host's agent, through the owner. */
export function agentOf({ calls }: OwnerClient, host: string): AgentCalls {
  const get = (_: object, call: string | symbol) =>
    typeof call !== 'string' || call === 'then'
      ? undefined
      : (request: unknown) => calls.ask({ host, call: call as keyof AgentCalls, request });
  return new Proxy({}, { get }) as AgentCalls;
}
