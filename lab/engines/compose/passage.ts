/**
 * The way of Docker Compose to the engine, through us: it ends when we do, and once it is closed whatever was asked of
 * the engine has been answered. Compose alone goes away from calls that the engine then ends for nobody.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';

export interface Passage {
  /** Sends what it is given to, the command `docker`, through here. */
  env: Record<string, string>;
  /** Lets nothing more through. Resolves when what was let through, and may make something, has been answered. */
  close(): Promise<void>;
}

/**
 * A connection stays open until Compose closes it, as at the engine itself. Compose sends its next call on one that has
 * been idle, and a call that meets the end of its connection is lost: it makes something, so it is not sent again.
 */
const PATIENT: ServerOptions = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };

const JSON_TEXT = { 'content-type': 'application/json' };

/** `path`: where the socket comes to be; `engine`: that of the engine. */
export async function passage(path: string, engine: string): Promise<Passage> {
  const underWay = new Set<Promise<void>>();
  const server = createServer(PATIENT, (asked, answer) => {
    const done = passOn(engine, asked, answer);
    // Others make nothing, and may never end: events, logs.
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

/** Resolves when the engine has answered, whether anybody still listens or not. */
function passOn(engine: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { method, url, headers } = asked;
  const onward = request({ socketPath: engine, method, path: url, headers, agent: false }, (answered) => {
    answered.once('close', resolve);
    // Where nobody reads it any more its end is awaited all the same.
    if (answer.destroyed) return void answered.resume();
    // These are about the connection to the engine (RFC 9110 section 7.6.1).
    const { connection, 'keep-alive': keepAlive, ...passed } = answered.headers;
    answer.writeHead(answered.statusCode ?? 0, passed);
    answer.once('close', () => answered.unpipe(answer).resume());
    answered.pipe(answer);
  });
  onward.once('error', ({ message }) => {
    // Compose tells the text of an answer, and of an end without one only that it came.
    if (answer.headersSent) answer.destroy();
    else
      answer
        .writeHead(502, JSON_TEXT)
        .end(JSON.stringify({ message: `no answer from the engine: ${message}` }));
    resolve();
  });
  asked.on('error', () => {}).pipe(onward);
  // Of half a call nothing comes.
  asked.once('close', () => asked.complete || onward.destroy());
  return promise;
}
