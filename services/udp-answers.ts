/**
 * The answers of a service over UDP. The first in a turn of the event loop leaves at once, and the others of the turn leave
 * together. A client that one of them wakes is still awake when the next ones come. To wake it costs as much as to send.
 */
import type { Socket } from 'node:dgram';
import type { Details, Emitter, Endpoint, Ends } from './events.ts';
import type { Loops } from './loops.ts';
import { codeOf } from './tcp-listener.ts';
import { Turn } from './turn.ts';

/** The bytes, or what makes them in the moment in which they are sent. */
export type Answer = Buffer | (() => Buffer);

export interface Port {
  readonly local: Endpoint;
  readonly socket: Socket;
}

export interface AnswersOptions<P> {
  readonly events: Emitter;
  readonly loops: Loops;
  /** Whether events show the answers as text. */
  readonly isText: boolean;
  /** From where a peer is answered that asked somewhere. Its socket is open. Undefined: from nowhere. */
  portFor(asked: P, peer: string): P | undefined;
}

interface Waiting<P> {
  readonly asked: P;
  readonly peer: Endpoint;
  readonly answer: Answer;
  /** The bytes that were given to the socket. */
  sent: Buffer | undefined;
}

/** So many do not wait for the end of a turn. */
const TOGETHER = 32;
/** Bytes that may wait in one socket when the kernel takes no more; beyond it datagrams are dropped, as UDP may. */
const QUEUE_BYTES = 4 << 20;
/** With fewer on their way, all fit: the largest datagram has 64 KiB. */
const FEW = 64;

export class Answers<P extends Port> {
  readonly #options: AnswersOptions<P>;
  readonly #turn = new Turn();
  readonly #endOfTurn = (): void => {
    this.#sendWaiting();
    this.#together = 1;
  };
  /** So many leave together now: one at the beginning of a turn. */
  #together = 1;
  #waiting: Waiting<P>[] = [];
  #sending = 0;
  #closed = false;
  #drained = (): void => {};

  constructor(options: AnswersOptions<P>) {
    this.#options = options;
  }

  add(asked: P, peer: Endpoint, answer: Answer): void {
    if (this.#together === 1) this.#turn.add(this.#endOfTurn);
    const waiting = this.#waiting.push({ asked, peer, answer, sent: undefined });
    if (waiting < this.#together) return;
    this.#sendWaiting();
    this.#together = TOGETHER;
  }

  /** Sends what waits, and resolves when the kernel has it, or after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#sendWaiting();
    this.#closed = true;
    if (this.#sending === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #sendWaiting(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const one of all) this.#send(one);
    // Not between one and the next: they leave as closely as they can.
    for (const { peer, sent } of all) if (sent !== undefined) this.#options.loops.sent(peer, sent);
  }

  #send(one: Waiting<P>): void {
    const { asked, peer, answer } = one;
    const port = this.#options.portFor(asked, peer.address);
    const data = typeof answer === 'function' ? answer() : answer;
    if (port === undefined || this.#closed) this.#failed(one, port, data, 'EADDRNOTAVAIL');
    else if (this.#sending >= FEW && port.socket.getSendQueueSize() > QUEUE_BYTES)
      this.#failed(one, port, data, 'ENOBUFS');
    else {
      one.sent = data;
      this.#sending += 1;
      port.socket.send(data, peer.port, peer.address, (error) => this.#over(one, port, data, error));
    }
  }

  /** The kernel has taken it, or not. */
  #over(one: Waiting<P>, port: P, data: Buffer, error: Error | null): void {
    this.#sending -= 1;
    if (error) this.#failed(one, port, data, codeOf(error));
    else {
      const { events, isText } = this.#options;
      events.message('send', endsOf(one), data, { isText, details: repliedFrom(one, port) });
    }
    if (this.#sending === 0) this.#drained();
  }

  #failed(one: Waiting<P>, port: P | undefined, data: Buffer, code: string): void {
    const details = repliedFrom(one, port);
    this.#options.events.emit({ event: 'error', ...endsOf(one), ...details, code, bytes: data.length });
  }
}

function endsOf<P extends Port>({ asked, peer }: Waiting<P>): Ends {
  return { transport: 'udp', peer, local: asked.local };
}

/** A broadcast, for instance, is answered from the host's own address. */
function repliedFrom<P extends Port>({ asked }: Waiting<P>, port: P | undefined): Details | undefined {
  return port === undefined || port.local.address === asked.local.address
    ? undefined
    : { replied_from: port.local };
}
