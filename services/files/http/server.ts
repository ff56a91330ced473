/** Files over HTTP/1.1 (RFC 9110, RFC 9112): Node has the connection, `send` has ranges and conditions, and names are ours. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Emitter } from '../../events.ts';
import type { Service } from '../../serve.ts';
import { type Connection, listenStream } from '../../tcp-listener.ts';
import { Answers } from './answers.ts';

export interface HttpOptions {
  readonly hosts: readonly string[];
  readonly events: Emitter;
  readonly port: number;
  readonly root: string;
  /** With it, the port speaks HTTPS (RFC 9110 section 4.2.2). */
  readonly identity?: Identity;
  /** Milliseconds for which a client may take nothing of what is sent to it. */
  readonly idleMs: number;
}

/** A certificate and its private key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Milliseconds in which a request's head must come, and before it a handshake of TLS. */
const HEAD_MS = 60_000;
/** Requests that may wait on one connection for the answer to an earlier one. */
const WAITING = 16;

/** @throws StartError */
export async function listenHttp({
  hosts,
  events,
  port,
  root,
  identity,
  idleMs,
}: HttpOptions): Promise<Service> {
  const clients = new WeakMap<Socket, Client>();
  const answers = new Answers(root);
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    clients.get(request.socket)?.ask(request, response);
  const limit = Math.min(HEAD_MS, idleMs);
  const limits = { headersTimeout: limit, connectionsCheckingInterval: 1000 };
  // A client that has ended its side after its request still gets the answer. Node has no documented setting for it.
  const lenient = { httpAllowHalfOpen: true };
  const plain = () => Object.assign(createServer(limits, onRequest).setTimeout(idleMs), lenient);
  // Loaded where it is needed: most programs have no certificate.
  const https = identity && (await import('node:https'));
  const secure = () => {
    const server = https!.createServer({ ...limits, ...identity, handshakeTimeout: limit }, onRequest);
    return Object.assign(server.setTimeout(idleMs), lenient);
  };
  return listenStream({
    hosts,
    events,
    port,
    ...(identity
      ? { service: 'https', setting: 'PORT_HTTPS', createTlsServer: secure }
      : { service: 'http', setting: 'PORT_HTTP', createServer: plain }),
    onConnection: (connection) => {
      // So it is over TLS too, where only a client whose handshake is over can be half open.
      connection.socket.allowHalfOpen = true;
      clients.set(connection.socket, new Client(connection, answers));
    },
  });
}

/** The requests of one connection, answered one after the other, so that one client does not have many files open. */
class Client {
  readonly #connection: Connection;
  readonly #answers: Answers;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(connection: Connection, answers: Answers) {
    this.#connection = connection;
    this.#answers = answers;
  }

  ask(request: IncomingMessage, response: ServerResponse): void {
    const { socket, report } = this.#connection;
    if (socket.destroyed) return;
    if (this.#waiting === WAITING) {
      report('refuse', { reason: `more than ${WAITING} requests at once`, file: '' });
      socket.destroy();
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(() => this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = this.#connection;
    if (!socket.destroyed) {
      const over = new Promise<void>((resolve) => response.once('close', resolve));
      // A client that left is an event of its connection, not a failure of ours.
      response.on('error', () => {});
      // Nobody reads the content of a request, so nothing can follow it on this connection.
      if (hasContent(request)) response.setHeader('Connection', 'close');
      // An answer that fails must not look complete.
      await this.#answers.give(request, response, this.#connection, over).catch(() => socket.destroy());
      await over;
    }
    this.#waiting -= 1;
  }
}

function hasContent({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
