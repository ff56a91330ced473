/** The commands that are connected to an owner, each with the handles that it has left open on the hosts. */
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { BirpcReturn } from 'birpc';
import { openChannel } from '../agent/channel.ts';
import type { AgentCalls, Handle } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { Owner } from './daemon.ts';
import type { CommandCalls, OwnerCalls } from './protocol.ts';
import { type Answering, answering } from './trouble.ts';

export interface Connections {
  /** Resolves when every command has got its answer and gone. */
  close(): Promise<void>;
}

export async function serve(owner: Owner, path: string): Promise<Connections> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    connect(owner, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.end();
      await closed;
    },
  };
}

function connect(owner: Owner, socket: Socket): void {
  const gone = new AbortController();
  const left = new Map<string, { host: string; handle: Handle }>();
  const calls: OwnerCalls = {
    describe: async () => owner.describe(),
    change: ({ plan }) =>
      owner.change(plan, {
        progress: (line) => void command.progress.asEvent(line).catch(() => {}),
        signal: gone.signal,
      }),
    inspect: () => owner.inspect(),
    logs: (request) => owner.logs(request),
    ask: async ({ host, call, request }) => {
      const answer = await askAgent(owner.agent(host), call, request);
      note(left, host, call, request, answer);
      return answer;
    },
    down: () => owner.down(),
  };
  const command: BirpcReturn<CommandCalls, Answering<OwnerCalls>> = openChannel(socket, answering(calls));
  socket.once('close', () => {
    gone.abort(new LabError('interrupted', 'the command that asked has gone'));
    for (const { host, handle } of left.values()) void closeLeft(owner, host, handle);
  });
}

function askAgent(agent: AgentCalls, call: keyof AgentCalls, request: unknown): Promise<unknown> {
  return (agent[call] as (request: unknown) => Promise<unknown>)(request);
}

function note(
  left: Map<string, { host: string; handle: Handle }>,
  host: string,
  call: keyof AgentCalls,
  request: unknown,
  answer: unknown,
): void {
  const opened = (answer as { handle?: Handle } | undefined)?.handle;
  if (opened !== undefined) left.set(`${host} ${opened}`, { host, handle: opened });
  if (call === 'close') left.delete(`${host} ${(request as { handle: Handle }).handle}`);
}

/** The host may be gone by now, with all that was open on it. */
async function closeLeft(owner: Owner, host: string, handle: Handle): Promise<void> {
  try {
    await owner.agent(host).close({ handle });
  } catch {
    // Then it is closed.
  }
}
