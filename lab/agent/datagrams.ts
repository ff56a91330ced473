/** The datagrams of one UDP endpoint, which may be several of the kernel's sockets: one for each of its addresses. */
import type { Socket } from 'node:dgram';
import { ownAddresses } from './addresses.ts';
import type { Endpoint } from './endpoint.ts';
import { answered, closed, failure, timedOut } from './failures.ts';
import { hostEvent, plain, type Report, received } from './listener-events.ts';
import { NetworkFailure } from './protocol.ts';
import { Bell } from './waiting.ts';

export interface Datagram {
  from: Endpoint;
  to: Endpoint;
  bytes: Buffer;
}

/** Where datagrams go and come from. */
export interface Addressing {
  /** The peer; without it, datagrams go to the sender of the datagram that was received last. */
  to?: Endpoint;
  /** The kernel knows `to` as well: it takes nothing from others, and tells ICMP errors. */
  connected?: boolean;
  /** For a listener, whose events are what this host saw. */
  report?: Report;
}

/** Datagrams held for a caller that does not ask for them; later ones are lost, as in a full socket buffer. */
const HELD = { datagrams: 1_000, bytes: 4 * 1024 * 1024 };

export class DatagramSocket {
  readonly #sockets: ReadonlyMap<Socket, Endpoint>;
  readonly #addressing: Addressing;
  readonly #bell = new Bell();
  readonly #queue: (Datagram & { at: Socket })[] = [];
  #bytes = 0;
  #lastSender: Endpoint | undefined;
  /** The socket that sends, so that an answer leaves from the address that was asked. */
  #answering: Socket;
  #error: Error | undefined;
  #closed = false;

  /** At least one socket; the first sends until something has come. */
  constructor(sockets: readonly Socket[], addressing: Addressing) {
    this.#sockets = new Map(sockets.map((socket) => [socket, addressOf(socket)]));
    this.#addressing = addressing;
    this.#answering = sockets[0]!;
    for (const [socket, local] of this.#sockets) this.#listen(socket, local);
  }

  get local(): Endpoint {
    return this.#sockets.get(this.#answering)!;
  }

  #listen(socket: Socket, to: Endpoint): void {
    socket.on('message', (bytes, sender) => {
      const from = plain(sender.address, sender.port);
      this.#addressing.report?.(hostEvent('receive', 'udp', to, from, received(bytes)));
      if (this.#queue.length >= HELD.datagrams || this.#bytes + bytes.length > HELD.bytes) return;
      this.#queue.push({ from, to, bytes, at: socket });
      this.#bytes += bytes.length;
      this.#bell.ring();
    });
    socket.on('error', (error) => {
      this.#error = error;
      this.#bell.ring();
    });
  }

  async send(bytes: Uint8Array, to: Endpoint | undefined): Promise<{ sent: number }> {
    const start = performance.now();
    if (this.#closed) throw closed('send');
    this.#throwError('send', start);
    const target = this.#target(to, start);
    try {
      return {
        sent: await sendFrom(this.#answering, bytes, this.#addressing.connected ? undefined : target),
      };
    } catch (error) {
      // An ICMP error that has come meanwhile fails the next call on a connected socket, whichever that is.
      throw (this.#addressing.connected ? answered : failure)(error, 'send', start, this.local);
    }
  }

  #target(asked: Endpoint | undefined, start: number): Endpoint {
    const { to, connected } = this.#addressing;
    const target = asked ?? to ?? this.#lastSender;
    const refuse = (errno: string, message: string) =>
      new NetworkFailure({
        kind: 'other',
        errno,
        syscall: 'send',
        message,
        after: performance.now() - start,
        local: this.local,
      });
    if (!target)
      throw refuse('EDESTADDRREQ', 'the receiver is missing: nobody has sent anything to this socket yet');
    if (connected && (target.address !== to?.address || target.port !== to.port)) {
      const peer = to?.address.includes(':') ? `[${to.address}]` : to?.address;
      throw refuse('EISCONN', `this socket is connected to ${peer}:${to?.port} and sends nowhere else`);
    }
    return target;
  }

  async receive(giveUp: number): Promise<Datagram> {
    const start = performance.now();
    const datagram = await this.#bell.until(() => this.#look(start), giveUp);
    if (!datagram) throw timedOut('recvfrom', start, this.local);
    return datagram;
  }

  #look(start: number): Datagram | undefined {
    if (this.#closed) throw closed('recvfrom');
    const next = this.#queue.shift();
    if (!next) {
      this.#throwError('recvfrom', start);
      return undefined;
    }
    const { from, to, bytes, at } = next;
    this.#bytes -= bytes.length;
    this.#lastSender = from;
    // An answer cannot leave from a broadcast address or a group.
    if (ownAddresses().some(({ address }) => address === to.address)) this.#answering = at;
    return { from, to, bytes };
  }

  /** An ICMP error is told once, as the kernel does. */
  #throwError(call: string, start: number): void {
    const error = this.#error;
    this.#error = undefined;
    if (error) throw answered(error, call, start, this.local);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#bell.ring();
    const sockets = [...this.#sockets.keys()];
    await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.close(() => done()))));
  }
}

function addressOf(socket: Socket): Endpoint {
  const { address, port } = socket.address();
  return plain(address, port);
}

/** `to` is undefined on a connected socket. */
function sendFrom(socket: Socket, bytes: Uint8Array, to: Endpoint | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, sent: number) => (error ? reject(error) : resolve(sent));
    if (to) socket.send(bytes, to.port, to.address, done);
    else socket.send(bytes, done);
  });
}
