/** TCP sockets: RFC 9293. */
import { createServer, type Server, Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { answered, closed, failure, timedOut } from './failures.ts';
import type { Handles } from './handles.ts';
import { hostEvent, plain, type Report } from './listener-events.ts';
import type { AgentCalls, Connected } from './protocol.ts';
import { Stream } from './stream.ts';
import type { TcpCalls } from './tcp-calls.ts';
import { Bell } from './waiting.ts';

/** Milliseconds that a shutdown without a limit of its own waits for bytes sent before it. */
const SHUTDOWN = 10_000;

export class Listener {
  readonly #server: Server;
  readonly #bell = new Bell();
  readonly #accepted: Stream[] = [];

  constructor(server: Server, report: Report) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      const stream = new Stream(socket, report);
      report(hostEvent('accept', 'tcp', stream.local, stream.remote));
      this.#accepted.push(stream);
      this.#bell.ring();
    });
  }

  async accept(giveUp: number): Promise<Stream> {
    const start = performance.now();
    const stream = await this.#bell.until(() => this.#look(), giveUp);
    if (!stream) throw timedOut('accept', start);
    return stream;
  }

  #look(): Stream | undefined {
    if (!this.#server.listening) throw closed('accept');
    return this.#accepted.shift();
  }

  /** Refuses new clients. Connections that were accepted stay; those still waiting go. */
  async close(): Promise<void> {
    this.#server.close();
    this.#bell.ring();
    await Promise.all(this.#accepted.splice(0).map((stream) => stream.close()));
  }
}

/** A connected socket. Code that waits for it gets it before any of its events. */
export function connectSocket(request: Parameters<TcpCalls['tcpConnect']>[0]): Promise<Socket> {
  const start = performance.now();
  const socket = new Socket({ allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    // The kernel binds the socket when the SYN leaves. The address cannot be read any more when the error is told.
    let local: Endpoint | undefined;
    // Only a failure after the call is an answer: a route that forbids it (EACCES too) fails the call itself.
    let went = false;
    socket.once('connectionAttemptFailed', () => {
      local = localOf(socket);
      went = true;
    });
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject((went ? answered : failure)(error, 'connect', start, local));
    };
    const timer = setTimeout(() => fail(timedOut('connect', start, localOf(socket))), request.giveUp);
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(socket);
    });
    socket.setNoDelay(true);
    socket.connect({
      host: request.to.address,
      port: request.to.port,
      ...(request.from?.address !== undefined && { localAddress: request.from.address }),
      ...(request.from?.port !== undefined && { localPort: request.from.port }),
    });
  });
}

function localOf({ localAddress, localPort }: Socket): Endpoint | undefined {
  return localPort ? plain(localAddress, localPort) : undefined;
}

function listen({ at, backlog, ipv6Only, reuse }: Parameters<AgentCalls['tcpListen']>[0]): Promise<Server> {
  const start = performance.now();
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  return new Promise((resolve, reject) => {
    // This handler stays: an error of one accept, such as too few descriptors, does not end the listener.
    server.on('error', (error) => reject(failure(error, 'listen', start)));
    const where = { host: at.address, port: at.port, ipv6Only: ipv6Only ?? false, reusePort: reuse ?? false };
    server.listen({ ...where, ...(backlog !== undefined && { backlog }) }, () => resolve(server));
  });
}

export function tcpCalls(handles: Handles, report: Report): TcpCalls {
  const opened = (stream: Stream): Connected => ({
    handle: handles.keep(stream),
    local: stream.local,
    remote: stream.remote,
  });
  const stream = (handle: string, call: string) => handles.get(handle, Stream, call);
  return {
    tcpConnect: async (request) => opened(new Stream(await connectSocket(request))),
    tcpListen: async (request) => {
      const server = await listen(request);
      const { address, port } = server.address() as { address: string; port: number };
      return { handle: handles.keep(new Listener(server, report)), local: plain(address, port) };
    },
    tcpAccept: async ({ handle, giveUp }) =>
      opened(await handles.get(handle, Listener, 'accept').accept(giveUp)),
    tcpSet: async ({ handle, options }) => stream(handle, 'setsockopt').set(options),
    tcpSend: async ({ handle, bytes, giveUp }) => stream(handle, 'write').send(bytes, giveUp),
    tcpReceive: async ({ handle, max, giveUp }) => stream(handle, 'read').receive(max, giveUp),
    tcpShutdown: async ({ handle, giveUp = SHUTDOWN }) => stream(handle, 'shutdown').shutdown(giveUp),
    tcpReset: async ({ handle }) => {
      await stream(handle, 'reset').reset();
      handles.forget(handle);
    },
  };
}
