/**
 * The way of Docker Compose to the engine, through us: it ends when we end, and once it is closed, the engine has answered
 * every call. Compose alone leaves calls behind, and the engine finishes them for nobody.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Passage {
  /** With these variables the command `docker` sends its calls through here. */
  env: Record<string, string>;
  /** Lets no more calls through. Resolves when each earlier call that may make something has been answered. */
  close(): Promise<void>;
}

/**
 * A connection stays open until Compose closes it, as at the engine itself. Compose sends its next call on a connection that
 * has been idle. A call that meets the end of its connection is lost: it makes something, so it is not sent again.
 */
const PATIENT: ServerOptions = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };

const JSON_TEXT = { 'content-type': 'application/json' };

/** `path`: the path of the new socket; `engine`: the path of the engine's own. */
export async function passage(path: string, engine: string): Promise<Passage> {
  const underWay = new Set<Promise<void>>();
  const server = createServer(PATIENT, (asked, answer) => {
    const done = passOn(engine, asked, answer);
    // Other calls make nothing, and may never end: events, logs.
    if (asked.method !== 'POST' && asked.method !== 'PUT') return;
    underWay.add(done);
    void done.then(() => underWay.delete(done));
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    env: { DOCKER_HOST: `unix://${path}`, DOCKER_CONTEXT: '' },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all(underWay);
    },
  };
}

/** Bytes of a body that is held until the engine has taken it: enough for every call that makes something. */
const HELD = 1024 * 1024;
/** Times that a call is sent again. */
const AGAIN = 5;

/** Resolves when the engine has answered, whether anybody still listens or not. */
async function passOn(engine: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  asked.on('error', () => {});
  const held = Number(asked.headers['content-length'] ?? 0) <= HELD && !asked.headers['transfer-encoding'];
  // Half a call is dropped.
  const body = held ? await buffer(asked).catch(() => undefined) : asked;
  if (!body) return;
  for (let again = AGAIN; ; again--) {
    const error = await sendOn(engine, asked, body, answer);
    if (!error) return;
    // A busy engine may close a connection that it has just accepted: it has not read a call that could not be written.
    if (Buffer.isBuffer(body) && again > 0 && (error.code === 'EPIPE' || error.syscall === 'connect'))
      continue;
    // Compose shows the text of an answer. Of an end without an answer it shows only that it came.
    if (answer.headersSent) answer.destroy();
    else
      answer
        .writeHead(502, JSON_TEXT)
        .end(JSON.stringify({ message: `no answer from the engine: ${error.message}` }));
    return;
  }
}

/** The error that kept the engine from answering; undefined where it answered. */
function sendOn(
  engine: string,
  asked: IncomingMessage,
  body: Buffer | IncomingMessage,
  answer: ServerResponse,
): Promise<NodeJS.ErrnoException | undefined> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | undefined>();
  const { method, url, headers } = asked;
  const onward = request({ socketPath: engine, method, path: url, headers, agent: false }, (answered) => {
    answered.once('close', () => resolve(undefined));
    // Where nobody reads the answer any more, its end is still awaited.
    if (answer.destroyed) return void answered.resume();
    // These headers are about the connection to the engine (RFC 9110 section 7.6.1).
    const { connection, 'keep-alive': keepAlive, ...passed } = answered.headers;
    answer.writeHead(answered.statusCode ?? 0, passed);
    answer.once('close', () => answered.unpipe(answer).resume());
    answered.pipe(answer);
  });
  onward.once('error', resolve);
  if (Buffer.isBuffer(body)) onward.end(body);
  else {
    body.pipe(onward);
    asked.once('close', () => asked.complete || onward.destroy());
  }
  return promise;
}
