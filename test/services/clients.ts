/** Plain clients, as a tutorial would write them. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../../services/events.ts';

export interface TcpClient extends Disposable {
  readonly socket: Socket;
  readonly port: number;
  /** Everything up to the server's FIN. */
  rest(): Promise<Buffer>;
  /** Resolves once `bytes` have come, with all that has. */
  received(bytes: number): Promise<Buffer>;
}

export async function tcpClient(port: number, host = '127.0.0.1'): Promise<TcpClient> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  const chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  let look = (): void => {};
  socket.on('error', () => {});
  // From the start: with nothing to read before it, the end is told even to a socket nobody reads.
  socket.on('end', () => {
    ended = true;
    look();
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    look();
  };
  const until = (done: () => boolean): Promise<Buffer> =>
    new Promise((resolve) => {
      look = () => (done() ? resolve(Buffer.concat(chunks)) : undefined);
      if (!socket.listeners('data').includes(take)) socket.on('data', take);
      socket.resume();
      look();
    });
  return {
    socket,
    port: socket.localPort ?? 0,
    rest: () => until(() => ended),
    received: (bytes) => until(() => size >= bytes),
    [Symbol.dispose]: () => socket.destroy(),
  };
}

export interface Reply {
  readonly data: Buffer;
  readonly text: string;
  readonly from: Endpoint;
}

export interface UdpClient extends Disposable {
  readonly socket: UdpSocket;
  readonly port: number;
  send(data: string | Buffer, port: number, host?: string): void;
  /** The next datagram in order of arrival. */
  next(): Promise<Reply>;
  ask(data: string | Buffer, port: number, host?: string): Promise<Reply>;
  /** Datagrams that came and were not asked for with `next`. */
  readonly waiting: readonly Reply[];
}

export async function udpClient(bind: { address?: string; port?: number } = {}): Promise<UdpClient> {
  const address = bind.address ?? '127.0.0.1';
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const waiting: Reply[] = [];
  const askers: ((reply: Reply) => void)[] = [];
  socket.on('message', (data, { address: from, port }) => {
    const reply = { data, text: data.toString(), from: { address: from, port } };
    const asker = askers.shift();
    if (asker === undefined) waiting.push(reply);
    else asker(reply);
  });
  await new Promise<void>((resolve) => socket.bind(bind.port ?? 0, address, resolve));
  const next = (): Promise<Reply> => {
    const reply = waiting.shift();
    return reply === undefined ? new Promise((resolve) => askers.push(resolve)) : Promise.resolve(reply);
  };
  return {
    socket,
    port: socket.address().port,
    waiting,
    next,
    send: (data, port, host = address) => socket.send(data, port, host),
    ask(data, port, host = address) {
      socket.send(data, port, host);
      return next();
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
