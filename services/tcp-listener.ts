/** TCP for the programs: listening on every address, one event for each thing that happens to a connection. */
import { createServer, type DropArgument, type Server, type Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { unmapped } from './addresses.ts';
import { connectionLimit } from './connection-limit.ts';
import type { Details, Emitter, Endpoint, Listening, Message, More } from './events.ts';
import { cannotListen, type Service } from './serve.ts';

export interface Connection {
  readonly socket: Socket;
  readonly peer: Endpoint;
  readonly local: Endpoint;
  /** Reports an event of this connection. */
  report(event: string, details?: Details): void;
  /** Reports a chunk as `receive` or `send`, if messages are wanted. */
  message(event: Message['event'], chunk: Buffer, more?: More): void;
}

export interface StreamOptions {
  readonly service: string;
  readonly hosts: readonly string[];
  readonly port: number;
  /** The environment variable that chooses the port, for the error's hint. */
  readonly setting: string;
  readonly events: Emitter;
  /** Makes the server of a protocol that has one of its own. Without it the server is one of bare TCP. */
  createServer?(): Server;
  /** The same for a protocol over TLS. */
  createTlsServer?(): TlsServer;
  onConnection(connection: Connection): void;
}

/** Connections that may wait to be accepted; the kernel takes `net.core.somaxconn` where that is less, 4,096 unless set. */
const BACKLOG = 4096;
const RESETS = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Listens on each of `hosts`. Port 0 takes a free one, the same on all. @throws StartError */
export async function listenStream(options: StreamOptions): Promise<Service> {
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const addresses: Listening[] = [];
  try {
    for (const host of options.hosts) {
      const server = await listenOn(unmapped(host), addresses[0]?.port ?? options.port, options, open);
      servers.push(server);
      const { address, port } = server.address() as Endpoint;
      addresses.push({ transport: 'tcp', address, port, service: options.service });
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return {
    addresses,
    close: (graceMs = 2000) => drain(servers, open, graceMs),
  };
}

async function listenOn(
  host: string,
  port: number,
  options: StreamOptions,
  open: Set<Socket>,
): Promise<Server> {
  // Half-open, so that the server can still send after the client's FIN. No Nagle, so a small answer does not wait for the
  // acknowledgement of the one before.
  const secure = options.createTlsServer?.();
  const server = secure ?? options.createServer?.() ?? createServer({ allowHalfOpen: true, noDelay: true });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (!secure) follow(socket, begin(socket, options), options);
  });
  if (secure) followSecure(secure, options);
  const limit = connectionLimit();
  server.maxConnections = limit;
  server.on('drop', (dropped) => refuse(dropped, limit, options.events));
  try {
    await bind(server, host, port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A kernel without IPv6 has no `::`; every address is then every IPv4 address.
    if (host === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) {
      return listenOn('0.0.0.0', port, options, open);
    }
    throw cannotListen(error, { transport: 'tcp', address: host, port, service: '' }, options.setting);
  }
  // An error here, for instance too few descriptors, refuses one client and is no reason to end.
  server.on('error', (error) =>
    options.events.emit({ event: 'error', transport: 'tcp', code: codeOf(error) }),
  );
  return server;
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Node closes the newest connection at once where there are too many. */
function refuse(dropped: DropArgument | undefined, limit: number, events: Emitter): void {
  const peer = { address: unmapped(dropped?.remoteAddress ?? ''), port: dropped?.remotePort ?? 0 };
  const local = { address: unmapped(dropped?.localAddress ?? ''), port: dropped?.localPort ?? 0 };
  const reason = `too many connections: ${limit} are open, and no more may be`;
  events.emit({ event: 'refuse', transport: 'tcp', peer, local, reason });
}

interface Begun extends Pick<Connection, 'peer' | 'local' | 'report'> {
  readonly ends: { readonly transport: 'tcp'; readonly peer: Endpoint; readonly local: Endpoint };
}

function begin(socket: Socket, options: StreamOptions): Begun {
  const peer = { address: unmapped(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
  const local = { address: unmapped(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
  const ends = { transport: 'tcp', peer, local } as const;
  const report: Connection['report'] = (event, details) =>
    options.events.emit({ event, ...ends, ...details });
  report('accept');
  return { peer, local, ends, report };
}

/** A client is there from its SYN on, and its socket is that of TLS once the handshake is over (RFC 8446 section 2). */
function followSecure(server: TlsServer, options: StreamOptions): void {
  const shaking = new Map<string, Begun>();
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket) => {
    const begun = begin(socket, options);
    const key = keyOf(socket);
    shaking.set(key, begun);
    socket.once('close', () => {
      if (shaking.get(key) !== begun) return;
      shaking.delete(key);
      begun.report('close', { by: 'peer', received: socket.bytesRead, sent: written(socket) });
    });
  });
  server.on('tlsClientError', (error, socket) => {
    // A client that has left has no address any more: its end is told when its socket closes.
    shaking.get(keyOf(socket))?.report('error', { code: codeOf(error) });
  });
  server.on('secureConnection', (socket) => {
    const begun = shaking.get(keyOf(socket))!;
    shaking.delete(keyOf(socket));
    follow(socket, begun, options);
  });
}

function follow(socket: Socket, { peer, local, ends, report }: Begun, options: StreamOptions): void {
  let by: string | undefined;
  socket.on('end', () => {
    by ??= 'peer';
    report('end', { bytes: socket.bytesRead });
  });
  socket.on('finish', () => {
    by ??= 'server';
  });
  socket.on('error', (error) => {
    const code = codeOf(error);
    by = RESETS.has(code) ? 'reset' : 'error';
    report(by, { code });
  });
  socket.on('close', () => {
    report('close', { by: by ?? 'server', received: socket.bytesRead, sent: written(socket) });
  });
  options.onConnection({
    socket,
    peer,
    local,
    report,
    message: (event, chunk, more) => options.events.message(event, ends, chunk, more),
  });
}

/**
 * Ends our side: a FIN once everything is written. Where the client has ended its side and nothing waits, the socket is
 * closed at once, with the same FIN. When thousands end together, this saves a system call and a turn of the loop for each.
 */
export function endOurSide(socket: Socket): void {
  if (socket.readableEnded && socket.writableLength === 0) socket.destroy();
  else socket.end();
}

/** Bytes that the kernel has taken. Bytes that still wait in this process were not sent. */
function written(socket: Socket): number {
  return Math.max(0, socket.bytesWritten - socket.writableLength);
}

async function drain(servers: readonly Server[], open: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  const cut = setTimeout(() => {
    for (const socket of open) socket.destroy();
  }, graceMs);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  // A server may say that it is closed before its last connection's own event.
  await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  clearTimeout(cut);
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
