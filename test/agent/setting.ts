/** An agent in this process on addresses of this test's own, and what tests of it need at the other end. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Agent, createAgent } from '../../lab/agent/agent.ts';
import { openChannel } from '../../lab/agent/channel.ts';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import type {
  AgentCalls,
  HostEvent,
  NetworkFailureData,
  OrchestratorCalls,
} from '../../lab/agent/protocol.ts';
import { EventLog } from '../../lab/live/events.ts';

/** Milliseconds that are no claim: only against waiting for ever. */
export const LONG = 20_000;

/** An address of 127.0.0.0/8 that no other test process uses. */
export function address(host: number): string {
  return `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}.${host}`;
}

/** Closed when the test is over. */
export function agentHere(): Agent & { events: EventLog } {
  const events = new EventLog();
  const agent = createAgent((event: HostEvent) => events.append(event));
  onTestFinished(() => agent.closeAll());
  return { ...agent, events };
}

const MAIN = fileURLToPath(new URL('../../lab/agent/main.ts', import.meta.url));

/** The agent as a program of its own, by way of another if need be. Killed when the test is over. */
export function start(by: string[] = []): ChildProcessWithoutNullStreams {
  const [file = '', ...args] = [...by, process.execPath, MAIN];
  const child = spawn(file, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Calls to it, and what it says unasked. */
export function agentOf(child: ChildProcessWithoutNullStreams) {
  const events = new EventLog();
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  const local: OrchestratorCalls = {
    event: (event: HostEvent) => events.append(event),
    carrying: () => {},
  };
  return { agent: openChannel<AgentCalls, OrchestratorCalls>(stream, local), events, stream };
}

export interface Peer {
  at: Endpoint;
  server: Server;
  /** The next connection that comes. */
  accepted: Promise<Socket>;
}

/** A TCP server that does nothing by itself: the test plays it. */
export async function peer(host = '127.0.0.1', greet: (socket: Socket) => void = () => {}): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    greet(socket);
  });
  const accepted = once(server, 'connection').then(([socket]) => socket as Socket);
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { address, port } = server.address() as Endpoint;
  return { at: { address, port }, server, accepted };
}

/** How a call failed; a call that does not is itself the failure. */
export async function failureOf(call: Promise<unknown>): Promise<NetworkFailureData> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: { data?: NetworkFailureData }) => error,
  );
  if ('data' in outcome && outcome.data) return outcome.data;
  throw new Error('this was to fail with a NetworkFailure', { cause: outcome });
}

/** A port of this host that was free a moment ago. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as Endpoint;
  server.close();
  await once(server, 'close');
  return port;
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
