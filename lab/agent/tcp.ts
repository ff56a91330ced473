/** TCP sockets: RFC 9293. Half-close is honoured in both directions; nothing is read ahead beyond 64 KiB. */
import { createServer, type Server, Socket } from 'node:net';
import { closed, failure, timedOut } from './failures.ts';
import type { Handles } from './handles.ts';
import { happening, plain, type Report, received } from './happening.ts';
import type { AgentCalls, Connected, Endpoint } from './protocol.ts';
import { Bell } from './waiting.ts';

/** Bytes held for a caller that does not ask for them; beyond that the peer's window closes. */
const READ_AHEAD = 64 * 1024;

export class Stream {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #bell = new Bell();
  readonly #report: Report | undefined;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  #error: Error | undefined;

  /** `report` is given for accepted connections: their events are what this host's server saw. */
  constructor(socket: Socket, report?: Report) {
    this.#socket = socket;
    this.#report = report;
    this.local = plain(socket.localAddress, socket.localPort);
    this.remote = plain(socket.remoteAddress, socket.remotePort);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.#finish());
    socket.on('error', (error) => this.#break(error));
    socket.on('close', () => this.#bell.ring());
    socket.resume();
  }

  async receive(max: number, giveUp: number): Promise<{ bytes: Uint8Array; end: boolean }> {
    const start = performance.now();
    const found = await this.#bell.until(() => this.#look(max, start), giveUp);
    if (!found) throw timedOut('read', start, this.local);
    if (this.#held.length < READ_AHEAD) this.#socket.resume();
    return found;
  }

  async send(bytes: Uint8Array, giveUp: number): Promise<{ sent: number }> {
    const start = performance.now();
    if (this.#error) throw failure(this.#error, 'write', start, this.local);
    if (this.#socket.destroyed || this.#socket.writableEnded) throw closed('write');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timedOut('write', start, this.local)), giveUp);
      this.#socket.write(bytes, (error) => {
        clearTimeout(timer);
        if (error) reject(failure(this.#error ?? error, 'write', start, this.local));
        else resolve({ sent: bytes.length });
      });
    });
  }

  /** Our FIN; what the peer still sends is received. */
  async shutdown(): Promise<void> {
    if (this.#socket.destroyed) throw closed('shutdown');
    await new Promise<void>((resolve) => this.#socket.end(resolve));
  }

  async reset(): Promise<void> {
    if (this.#socket.destroyed) throw closed('reset');
    const gone = this.#gone();
    this.#socket.resetAndDestroy();
    await gone;
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const gone = this.#gone();
    this.#socket.destroySoon();
    // A peer whose window is closed would keep what is still to be written, and us, for ever.
    const limit = setTimeout(() => this.#socket.destroy(), 500);
    await gone;
    clearTimeout(limit);
    this.#tell('close', { by: 'server' });
  }

  #gone(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  #take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#held.length >= READ_AHEAD) this.#socket.pause();
    this.#tell('receive', received(chunk));
    this.#bell.ring();
  }

  #finish(): void {
    this.#ended = true;
    this.#tell('end');
    this.#bell.ring();
  }

  #break(error: Error): void {
    this.#error = error;
    this.#tell('reset');
    this.#bell.ring();
  }

  #tell(event: string, extra: Record<string, unknown> = {}): void {
    this.#report?.(happening(event, 'tcp', this.local, this.remote, extra));
  }

  #look(max: number, start: number): { bytes: Uint8Array; end: boolean } | undefined {
    if (this.#held.length > 0) {
      const bytes = this.#held.subarray(0, max);
      this.#held = this.#held.subarray(max);
      return { bytes, end: false };
    }
    if (this.#error) throw failure(this.#error, 'read', start, this.local);
    if (this.#ended) return { bytes: Buffer.alloc(0), end: true };
    if (this.#socket.destroyed) throw closed('read');
    return undefined;
  }
}

export class Listener {
  readonly #server: Server;
  readonly #bell = new Bell();
  readonly #accepted: Stream[] = [];

  constructor(server: Server, report: Report) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      const stream = new Stream(socket, report);
      report(happening('accept', 'tcp', stream.local, stream.remote));
      this.#accepted.push(stream);
      this.#bell.ring();
    });
  }

  async accept(giveUp: number): Promise<Stream> {
    const start = performance.now();
    const stream = await this.#bell.until(() => this.#accepted.shift(), giveUp);
    if (!stream) throw timedOut('accept', start);
    return stream;
  }

  /** Refuses new clients; those accepted stay, those still waiting go. */
  async close(): Promise<void> {
    this.#server.close();
    await Promise.all(this.#accepted.splice(0).map((stream) => stream.close()));
  }
}

function connect(request: Parameters<AgentCalls['tcpConnect']>[0]): Promise<Stream> {
  const start = performance.now();
  const socket = new Socket({ allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(timedOut('connect', start)), request.giveUp);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(failure(error, 'connect', start));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(new Stream(socket));
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

function listen(at: Endpoint, backlog: number | undefined): Promise<Server> {
  const start = performance.now();
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(failure(error, 'listen', start)));
    server.listen({ host: at.address, port: at.port, ...(backlog !== undefined && { backlog }) }, () =>
      resolve(server),
    );
  });
}

type TcpCalls = Pick<
  AgentCalls,
  'tcpConnect' | 'tcpListen' | 'tcpAccept' | 'tcpSend' | 'tcpReceive' | 'tcpShutdown' | 'tcpReset'
>;

export function tcpCalls(handles: Handles, report: Report): TcpCalls {
  const opened = (stream: Stream): Connected => ({
    handle: handles.keep(stream),
    local: stream.local,
    remote: stream.remote,
  });
  const stream = (handle: string, call: string) => handles.get(handle, Stream, call);
  return {
    tcpConnect: async (request) => opened(await connect(request)),
    tcpListen: async ({ at, backlog }) => {
      const server = await listen(at, backlog);
      const { address, port } = server.address() as { address: string; port: number };
      return { handle: handles.keep(new Listener(server, report)), local: plain(address, port) };
    },
    tcpAccept: async ({ handle, giveUp }) =>
      opened(await handles.get(handle, Listener, 'accept').accept(giveUp)),
    tcpSend: async ({ handle, bytes, giveUp }) => stream(handle, 'write').send(bytes, giveUp),
    tcpReceive: async ({ handle, max, giveUp }) => stream(handle, 'read').receive(max, giveUp),
    tcpShutdown: async ({ handle }) => stream(handle, 'shutdown').shutdown(),
    tcpReset: async ({ handle }) => stream(handle, 'reset').reset(),
  };
}
