/** A client of HTTP/1.1 on one connection of the agent's own: Node's client, on a socket with the failures of TCP and of TLS. */
import type { ClientRequest, Agent as Connections, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { answered, ended, failure, timedOut } from './failures.ts';
import type { Handles } from './handles.ts';
import type { HttpAnswer, HttpCalls, HttpRequest } from './http-calls.ts';
import { plain } from './listener-events.ts';
import { NetworkFailure } from './protocol.ts';
import { connectSocket } from './tcp.ts';
import { secure } from './tls.ts';

/** Bytes of an answer that is not HTTP, as a failure shows them. */
const SHOWN = 64;
/** Milliseconds that a close waits for the other side of a session. */
const LINGER = 500;

export class HttpConnection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #http: typeof import('node:http');
  readonly #socket: Socket;
  readonly #connections: Connections;
  #broken: Error | undefined;

  constructor(http: typeof import('node:http'), socket: Socket) {
    this.#http = http;
    this.#socket = socket;
    this.local = plain(socket.localAddress, socket.localPort);
    this.remote = plain(socket.remoteAddress, socket.remotePort);
    socket.on('error', (error) => {
      this.#broken ??= error;
    });
    this.#connections = this.#oneConnection();
  }

  async ask(request: HttpRequest, keep: number, giveUp: number): Promise<HttpAnswer> {
    const start = performance.now();
    if (this.#broken) throw answered(this.#broken, 'write', start, this.local);
    if (this.#isOver) throw ended('write', start, this.local);
    const { method, path, headers, body } = request;
    const options = { method, path, headers: headers.flat(), agent: this.#connections, setHost: false };
    const asked = this.#http.request(options);
    const timer = setTimeout(() => asked.destroy(timedOut('read', start, this.local)), giveUp);
    try {
      const answer = answerTo(asked);
      asked.end(body);
      return await read(await answer, keep);
    } catch (error) {
      throw this.#failureOf(error, start);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    // Both sides end a session (RFC 8446 section 6.1): the server's word for it must not meet a socket that is gone.
    if ('encrypted' in this.#socket) await bothEnd(this.#socket);
    this.#connections.destroy();
    this.#socket.destroySoon();
  }

  /** The server has sent its FIN. Node destroys a socket that nobody asks on when the FIN comes. */
  get #isOver(): boolean {
    return this.#socket.readableEnded || this.#socket.destroyed;
  }

  /** Node's pool of connections with the one that is open: where it has ended, there is no other. */
  #oneConnection(): Connections {
    const connections = new this.#http.Agent({ keepAlive: true, maxSockets: 1 });
    let given = false;
    connections.createConnection = (_, done) => {
      if (!given) {
        given = true;
        return this.#socket;
      }
      done?.(ended('write', performance.now(), this.local), this.#socket);
      return undefined;
    };
    // Node's own would let the kernel probe the server.
    connections.keepSocketAlive = () => true;
    return connections;
  }

  #failureOf(error: unknown, start: number): NetworkFailure {
    if (error instanceof NetworkFailure) return error;
    const { code, rawPacket } = error as NodeJS.ErrnoException & { rawPacket?: Buffer };
    if (this.#broken) return answered(this.#broken, 'read', start, this.local);
    if (code?.startsWith('HPE_') && rawPacket) {
      const { data } = failure(error, 'read', start, this.local);
      const came = rawPacket.subarray(0, SHOWN);
      const message = `the answer is not HTTP (${data.message}): ${JSON.stringify(came.toString('latin1'))}`;
      return new NetworkFailure({ ...data, message, came });
    }
    if (this.#isOver) return ended('read', start, this.local);
    return failure(error, 'read', start, this.local);
  }
}

async function bothEnd(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, LINGER);
  socket
    .once('close', () => over.resolve())
    .resume()
    .end();
  await over.promise;
  clearTimeout(timer);
}

/** The answer's head. A server that changes to another protocol has answered, too: with the status 101. */
function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('error', reject).once('response', resolve);
    asked.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer);
    });
  });
}

async function read(answer: IncomingMessage, keep: number): Promise<HttpAnswer> {
  // Loaded where it is needed: it takes a tenth of an agent's start.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (bytes < keep) head.push(chunk.subarray(0, keep - bytes));
    bytes += chunk.length;
  }
  return {
    status: answer.statusCode ?? 0,
    reason: answer.statusMessage ?? '',
    version: answer.httpVersion,
    headers: headersOf(answer),
    bytes,
    sha256: hash.digest('hex'),
    head: Buffer.concat(head),
  };
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  const all = Object.entries(headersDistinct);
  return Object.fromEntries(all.map(([name, values = []]) => [name, values.join(', ')]));
}

export function httpCalls(handles: Handles): HttpCalls {
  return {
    httpOpen: async (request) => {
      const [http, socket] = await Promise.all([import('node:http'), connectSocket(request)]);
      const { tls } = request;
      const secured = tls && (await secure(socket, tls, request.giveUp));
      const connection = new HttpConnection(http, secured?.socket ?? socket);
      const { local, remote } = connection;
      return {
        ...{ handle: handles.keep(connection), local, remote },
        ...(secured && { tls: secured.tls, keys: secured.keys }),
      };
    },
    httpAsk: async ({ handle, request, keep, giveUp }) =>
      handles.get(handle, HttpConnection, 'http').ask(request, keep, giveUp),
  };
}
