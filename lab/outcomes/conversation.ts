/**
 * A TCP connection, a UDP socket or a TCP listener that stays open on a host's agent between two looks at it.
 * Times are milliseconds; a deadline is a reading of `performance.now()`.
 */

import type { Endpoint } from '../agent/endpoint.ts';
import type { AgentCalls, Connected, Handle, Opened, TcpOptions } from '../agent/protocol.ts';
import { NetworkFailure } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';

export type Conversation = Stream | Datagrams | Listener;

/** The key of a named conversation: a name belongs to the host at which it was opened. */
export function conversationKey(host: string, name: string): string {
  return `${host}/${name}`;
}

/** The most that one call brings from a stream. */
const CHUNK = 256 * 1024;
/** The most bytes of a stream that are kept until somebody takes them. */
const KEPT_MIB = 64;
const KEPT = KEPT_MIB * 1024 * 1024;

/** Whether the time limit of this module ended the wait, which is no failure. If the kernel gave up, it is one. */
function isOurLimit(error: unknown, deadline: number): boolean {
  const SLACK = 5; // the agent's timer and ours are two clocks
  return (
    error instanceof NetworkFailure && error.data.kind === 'timeout' && performance.now() >= deadline - SLACK
  );
}

/** One TCP connection, from this host's side. */
export class Stream {
  readonly kind = 'stream';
  readonly handle: Handle;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The peer's FIN has come: after the buffered bytes there are no more. */
  ended = false;
  #buffer: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #length = 0;
  readonly #agent: AgentCalls;

  constructor(agent: AgentCalls, connected: Connected) {
    this.#agent = agent;
    this.handle = connected.handle;
    this.local = connected.local;
    this.remote = connected.remote;
  }

  /** Bytes received and not yet taken. */
  get length(): number {
    return this.#length;
  }

  /** The bytes received and not yet taken, without taking them. */
  peek(): Buffer {
    if (this.#chunks.length > 0) {
      this.#buffer = Buffer.concat([this.#buffer, ...this.#chunks]);
      this.#chunks = [];
    }
    return this.#buffer;
  }

  /** Takes at most so many bytes out of the buffer. */
  take(count: number): Buffer {
    const all = this.peek();
    this.#buffer = all.subarray(count);
    this.#length = this.#buffer.length;
    return all.subarray(0, count);
  }

  /**
   * Reads until `enough` holds, the peer's FIN or the deadline. Throws NetworkFailure on a reset, LabError where more comes
   * than is kept: a caller that wants more has to take bytes in between.
   */
  async read(enough: () => boolean | Promise<boolean>, deadline: number): Promise<void> {
    while (!this.ended && !(await enough())) {
      const left = Math.ceil(deadline - performance.now());
      if (left <= 0) return;
      if (this.#length >= KEPT) throw tooMuch();
      try {
        const part = await this.#agent.tcpReceive({ handle: this.handle, max: CHUNK, giveUp: left });
        this.ended = part.end;
        this.#chunks.push(Buffer.from(part.bytes));
        this.#length += part.bytes.length;
      } catch (error) {
        if (isOurLimit(error, deadline)) return;
        throw error;
      }
    }
  }

  async send(bytes: Uint8Array, giveUp: number): Promise<number> {
    const { sent } = await this.#agent.tcpSend({ handle: this.handle, bytes, giveUp });
    return sent;
  }

  async set(options: TcpOptions): Promise<void> {
    await this.#agent.tcpSet({ handle: this.handle, options });
  }

  /** Sends our FIN; the peer may go on. */
  async shutdown(): Promise<void> {
    await this.#agent.tcpShutdown({ handle: this.handle });
  }

  async reset(): Promise<void> {
    await this.#agent.tcpReset({ handle: this.handle });
  }

  async close(): Promise<void> {
    await this.#agent.close({ handle: this.handle });
  }
}

function tooMuch(): LabError {
  return new LabError(
    'scenario',
    `more than ${KEPT_MIB} MiB came, and the expected bytes were not complete`,
    {
      hint: 'take a large thing in parts, or let `download` or a command (`exec`, with `sha256sum` for instance) look at it',
    },
  );
}

export interface Datagram {
  from: Endpoint;
  bytes: Buffer;
}

/** Two copies of a datagram are read one soon after the other. */
const KEPT_DATAGRAMS = 16;

/** One UDP socket. */
export class Datagrams {
  readonly kind = 'datagrams';
  readonly handle: Handle;
  /** The address is the wildcard where the socket is not bound to an address. */
  readonly local: Endpoint;
  /** The destination of a send without an address; undefined for a socket that only listens. */
  remote: Endpoint | undefined;
  /** The sender of the datagram received last: a reply goes there. */
  lastSender: Endpoint | undefined;
  /** The last datagrams that were read, at most KEPT_DATAGRAMS, the newest at the end. */
  readonly received: Datagram[] = [];
  /** The socket is connected to its peer: then ICMP errors reach it, and a send names no address. */
  readonly connected: boolean;
  readonly #agent: AgentCalls;

  constructor(agent: AgentCalls, opened: Opened, peer: { remote?: Endpoint; connected?: boolean } = {}) {
    this.#agent = agent;
    this.handle = opened.handle;
    this.local = opened.local;
    this.remote = peer.remote;
    this.connected = peer.connected ?? false;
  }

  /** The destination of a send: the peer for which the socket was opened, else the last sender. */
  get target(): Endpoint | undefined {
    return this.remote ?? this.lastSender;
  }

  /** The next datagram, or undefined at the deadline. Throws NetworkFailure where an ICMP error came. */
  async receive(deadline: number): Promise<Datagram | undefined> {
    const left = Math.ceil(deadline - performance.now());
    if (left <= 0) return undefined;
    try {
      const { from, bytes } = await this.#agent.udpReceive({ handle: this.handle, giveUp: left });
      this.lastSender = from;
      const datagram = { from, bytes: Buffer.from(bytes) };
      this.received.push(datagram);
      if (this.received.length > KEPT_DATAGRAMS) this.received.shift();
      return datagram;
    } catch (error) {
      if (isOurLimit(error, deadline)) return undefined;
      throw error;
    }
  }

  async send(bytes: Uint8Array, to: Endpoint): Promise<number> {
    const request = this.connected ? {} : { to };
    const { sent } = await this.#agent.udpSend({ handle: this.handle, bytes, ...request });
    return sent;
  }

  async close(): Promise<void> {
    await this.#agent.close({ handle: this.handle });
  }
}

/** One listening TCP socket. */
export class Listener {
  readonly kind = 'listener';
  readonly handle: Handle;
  readonly local: Endpoint;
  readonly #agent: AgentCalls;

  constructor(agent: AgentCalls, opened: Opened) {
    this.#agent = agent;
    this.handle = opened.handle;
    this.local = opened.local;
  }

  /** The next connection. Throws NetworkFailure `timeout` where none came. */
  async accept(giveUp: number): Promise<Stream> {
    return new Stream(this.#agent, await this.#agent.tcpAccept({ handle: this.handle, giveUp }));
  }

  async close(): Promise<void> {
    await this.#agent.close({ handle: this.handle });
  }
}
