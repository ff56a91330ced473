/**
 * The bytes of a stream at a socket of the kernel. Node's TLS and HTTP/2 take such a socket's own path. Over a stream of
 * JavaScript they sent memory that was freed already, and once the process ended with SIGSEGV.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** One end of a pair of Unix sockets whose other end is the stream. An error of the stream is the socket's error, too. */
export async function atKernelSocket(stream: Duplex): Promise<Socket> {
  const [near, far] = await pair();
  stream.once('error', (error) => near.destroy(error));
  stream.once('close', () => far.destroySoon());
  far.once('error', () => far.destroy());
  far.once('close', () => stream.destroy());
  stream.pipe(far);
  far.pipe(stream);
  return near;
}

/** The folder of the socket's path is ours alone, so nobody else can be the one who connects. */
async function pair(): Promise<[Socket, Socket]> {
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-'));
  const server = createServer({ allowHalfOpen: true });
  try {
    const path = join(folder, 'pair');
    await once(server.listen(path), 'listening');
    const near = connect({ path, allowHalfOpen: true });
    const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
    return [near, far];
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}
