/**
 * The gate of a node: a task of a Swarm service, which hands connections on to the Docker Engine of its node. They are streams of
 * one HTTP/2 connection (RFC 9113 section 8.5). It is TLS with a key of this lab alone (RFC 4279), so nobody else gets in.
 */
import { readFileSync } from 'node:fs';
import { constants, createSecureServer } from 'node:http2';
import { connect } from 'node:net';
import { CIPHER, GATE_PORT, IDENTITY, KEY_FILE, MEMORY, SETTINGS } from './gate-calls.ts';

const key = Buffer.from(readFileSync(KEY_FILE, 'utf8').trim(), 'hex');
const server = createSecureServer({
  ciphers: CIPHER,
  maxVersion: 'TLSv1.2',
  pskCallback: (_, identity) => (identity === IDENTITY ? key : null),
  settings: SETTINGS,
  maxSessionMemory: MEMORY,
});
server.on('stream', (stream) => {
  const engine = connect({ path: '/var/run/docker.sock', allowHalfOpen: true });
  engine.once('error', () => stream.close(constants.NGHTTP2_CONNECT_ERROR));
  stream.once('error', () => engine.destroy());
  stream.once('close', () => engine.destroy());
  stream.respond({ ':status': 200 });
  engine.pipe(stream);
  stream.pipe(engine);
});
server.on('sessionError', () => {}); // The command is gone: its streams are closed.
server.on('tlsClientError', () => {}); // Somebody without the key: the connection is closed.
server.listen(GATE_PORT);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit());
