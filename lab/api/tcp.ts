/** TCP for a test: a connection as a socket-like handle, and a listener. RFC 9293. */

import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type { TcpOptions as TcpSettings } from '../agent/protocol.ts';
import type { Listener, Stream } from '../outcomes/conversation.ts';
import { internals } from './internals.ts';
import { type ByFamily, bytesOf, closeQuietly, GIVE_UP, type Patience, timedOut } from './waiting.ts';

export type { TcpSettings };

export interface TcpOptions extends Patience, ByFamily {
  /** Local port, or local address and port: `4000`, `'10.50.1.21:4000'`, `'alice:4000'`. */
  from?: number | string;
}

/**
 * One TCP connection, seen from its host. Iterating gives the bytes as they come, until the peer's FIN. A failure of the
 * network is thrown as NetworkFailure (`reset`, `timeout`…).
 */
export class TcpConnection implements AsyncDisposable, AsyncIterable<Buffer> {
  readonly transport = 'tcp';
  /** Milliseconds since the Unix epoch, taken before the first segment. */
  readonly opened: number;
  readonly [internals]: Stream;
  readonly #giveUp: number;

  /** `giveUp` holds for every call that does not say another. */
  constructor(stream: Stream, opened: number, giveUp = GIVE_UP) {
    this[internals] = stream;
    this.opened = opened;
    this.#giveUp = giveUp;
  }

  get local(): Endpoint {
    return this[internals].local;
  }

  get remote(): Endpoint {
    return this[internals].remote;
  }

  /** Resolves when the kernel has taken every byte. */
  async write(data: string | Uint8Array, { giveUp = this.#giveUp }: Patience = {}): Promise<void> {
    await this[internals].send(bytesOf(data), patient(giveUp));
  }

  /** Sets options of the socket from now on. Times are milliseconds, in whole seconds. Throws NetworkFailure (`EINVAL`). */
  async set(options: TcpSettings): Promise<void> {
    await this[internals].set(options);
  }

  /** Sends our FIN (half-close): the peer may go on, and we go on reading. */
  async end(): Promise<void> {
    await this[internals].shutdown();
  }

  /** Exactly `count` bytes, fewer only before the peer's FIN. Without `count` the next bytes, none at the FIN. */
  async read(count?: number, { giveUp = this.#giveUp }: Patience = {}): Promise<Buffer> {
    const stream = this[internals];
    const wanted = count ?? 1;
    await this.#until(() => stream.length >= wanted, `${wanted} bytes did not come`, giveUp);
    return stream.take(count ?? stream.length);
  }

  /** The bytes up to and with `delimiter`; later bytes stay for the next reading. Fewer only before the peer's FIN. */
  async readUntil(delimiter: string | Uint8Array, { giveUp = this.#giveUp }: Patience = {}): Promise<Buffer> {
    const stream = this[internals];
    const wanted = bytesOf(delimiter);
    const end = () => {
      const at = stream.peek().indexOf(wanted);
      return at < 0 ? undefined : at + wanted.length;
    };
    await this.#until(() => end() !== undefined, 'the delimiter did not come', giveUp);
    return stream.take(end() ?? stream.length);
  }

  /** Everything until the peer's FIN, as UTF-8. */
  async text({ giveUp = this.#giveUp }: Patience = {}): Promise<string> {
    await this.#until(() => false, "the peer's FIN did not come", giveUp);
    return this[internals].take(this[internals].length).toString();
  }

  /** Ends it with a RST. */
  async reset(): Promise<void> {
    await this[internals].reset();
  }

  async close(): Promise<void> {
    await closeQuietly(() => this[internals].close());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk = await this.read();
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #until(enough: () => boolean, what: string, giveUp: number): Promise<void> {
    const stream = this[internals];
    const began = performance.now();
    await stream.read(enough, began + patient(giveUp));
    if (!stream.ended && !enough()) throw timedOut(what, 'read', began, stream.local);
  }
}

/** A listening TCP socket. Iterating gives the connections as they come. */
export class TcpListener implements AsyncDisposable, AsyncIterable<TcpConnection> {
  readonly transport = 'tcp';
  readonly [internals]: Listener;

  constructor(listener: Listener) {
    this[internals] = listener;
  }

  get local(): Endpoint {
    return this[internals].local;
  }

  /** The next connection; `giveUp` is also the limit of its later calls. */
  async accept({ giveUp = GIVE_UP }: Patience = {}): Promise<TcpConnection> {
    const opened = Date.now();
    return new TcpConnection(await this[internals].accept(patient(giveUp)), opened, giveUp);
  }

  async close(): Promise<void> {
    await closeQuietly(() => this[internals].close());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TcpConnection, void, undefined> {
    for (;;) yield await this.accept();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
