/** One TCP connection. Half-close is honoured in both directions; nothing is read ahead beyond 64 KiB. */
import type { Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { answered, closed, failure, halfClosed, timedOut } from './failures.ts';
import { hostEvent, plain, type Report, received } from './listener-events.ts';
import { setKeepalive } from './socket-options.ts';
import type { TcpOptions } from './tcp-calls.ts';
import { Bell } from './waiting.ts';

/** Bytes held for a caller that does not ask for them; beyond that the peer's window closes. */
const READ_AHEAD = 64 * 1024;
/** Milliseconds that a close waits for a peer which takes nothing. */
const LINGER = 500;

export class Stream {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #bell = new Bell();
  readonly #report: Report | undefined;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  #closing = false;
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

  async set({ nodelay, keepalive }: TcpOptions): Promise<void> {
    const start = performance.now();
    this.#mustBeOpen('setsockopt', start);
    if (nodelay !== undefined) this.#socket.setNoDelay(nodelay);
    if (keepalive === undefined) return;
    // Node has a way to them, but with values of its own where none is said.
    const { fd } = (this.#socket as unknown as { _handle: { fd: number } })._handle;
    try {
      await setKeepalive(fd, keepalive);
    } catch (error) {
      throw failure(error, 'setsockopt', start, this.local);
    }
  }

  async receive(max: number, giveUp: number): Promise<{ bytes: Uint8Array; end: boolean }> {
    const start = performance.now();
    const found = await this.#bell.until(() => this.#look(max, start), giveUp);
    if (!found) throw timedOut('read', start, this.local);
    if (this.#held.length < READ_AHEAD) this.#socket.resume();
    return found;
  }

  /** Bytes that were not taken when `giveUp` passes stay on their way: TCP cannot take them back. */
  async send(bytes: Uint8Array, giveUp: number): Promise<{ sent: number }> {
    const start = performance.now();
    // This comes before what the peer did to the socket: our FIN was sent, whatever happened after it.
    if (this.#socket.writableEnded && !this.#error) throw halfClosed('write');
    this.#mustBeOpen('write', start);
    await this.#done('write', start, giveUp, (done) => this.#socket.write(bytes, done));
    return { sent: bytes.length };
  }

  /** Sends our FIN; bytes that the peer still sends are received. */
  async shutdown(giveUp: number): Promise<void> {
    const start = performance.now();
    if (this.#socket.writableFinished) return;
    this.#mustBeOpen('shutdown', start);
    await this.#done('shutdown', start, giveUp, (done) => this.#socket.end(done));
  }

  async reset(): Promise<void> {
    this.#mustBeOpen('reset', performance.now());
    this.#closing = true;
    const gone = this.#gone();
    this.#socket.resetAndDestroy();
    await gone;
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#socket.destroyed) return;
    const gone = this.#gone();
    this.#socket.destroySoon();
    // A peer whose window is closed would keep what is still to be written, and us, for ever.
    const limit = setTimeout(() => this.#socket.destroy(), LINGER);
    await gone;
    clearTimeout(limit);
    this.#tell('close', { by: 'server' });
  }

  /** Throws the network's error, once the network has ended the connection; `closed` where we ended it. */
  #mustBeOpen(call: string, start: number): void {
    if (this.#error) throw answered(this.#error, call, start, this.local);
    if (this.#socket.destroyed) throw closed(call);
  }

  /** Waits until the socket says that it is done, for a time; a later word is not heard. */
  #done(
    call: string,
    start: number,
    giveUp: number,
    act: (done: (error?: Error | null) => void) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(timedOut(call, start, this.local)), giveUp);
      act((error) => {
        clearTimeout(timer);
        if (!error) resolve();
        else if (this.#closing) reject(closed(call));
        else reject(answered(this.#error ?? error, call, start, this.local));
      });
    });
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

  #break(error: NodeJS.ErrnoException): void {
    // Bytes that came before the error are the caller's: Node has them in its own buffer while we pause.
    for (let chunk = this.#socket.read(); chunk !== null; chunk = this.#socket.read()) this.#take(chunk);
    this.#error = error;
    const { kind, errno } = answered(error, 'read', 0).data;
    this.#tell(kind === 'reset' ? 'reset' : 'error', { code: errno });
    this.#bell.ring();
  }

  #tell(event: string, extra: Record<string, unknown> = {}): void {
    this.#report?.(hostEvent(event, 'tcp', this.local, this.remote, extra));
  }

  #look(max: number, start: number): { bytes: Uint8Array; end: boolean } | undefined {
    if (this.#closing) throw closed('read');
    if (this.#held.length > 0) {
      const bytes = this.#held.subarray(0, max);
      this.#held = this.#held.subarray(max);
      return { bytes, end: false };
    }
    if (this.#error) throw answered(this.#error, 'read', start, this.local);
    if (this.#ended) return { bytes: Buffer.alloc(0), end: true };
    if (this.#socket.destroyed) throw closed('read');
    return undefined;
  }
}
