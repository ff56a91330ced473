/**
 * The gate of a node: a task of a Swarm service, which hands connections on to the Docker Engine of its node. Connections are
 * TLS with a key of this lab alone (RFC 4279), so nobody else on the overlay network gets in.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { CIPHER, GATE_PORT, IDENTITY, KEY_FILE } from './gate-calls.ts';

const key = Buffer.from(readFileSync(KEY_FILE, 'utf8').trim(), 'hex');
const server = createServer(
  {
    ciphers: CIPHER,
    maxVersion: 'TLSv1.2',
    allowHalfOpen: true,
    pskCallback: (_, identity) => (identity === IDENTITY ? key : null),
  },
  (socket) => {
    const engine = connect({ path: '/var/run/docker.sock', allowHalfOpen: true });
    const over = () => {
      engine.destroy();
      socket.destroy();
    };
    engine.once('error', over);
    socket.once('error', over);
    engine.pipe(socket);
    socket.pipe(engine);
  },
);
server.on('tlsClientError', () => {}); // Somebody without the key: the connection is closed.
server.listen(GATE_PORT);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit());
