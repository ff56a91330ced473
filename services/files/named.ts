/** The tutorial's protocol: the client sends a name, the server sends the file's bytes and closes. A greeting needs no name. */
import { open } from 'node:fs/promises';
import { type Connection, codeOf, endOurSide } from '../tcp-listener.ts';
import { writeBytes } from './bytes.ts';
import { readName } from './name.ts';
import { type Found, openInside } from './root.ts';

/** How long a client that has everything may keep its side open, in milliseconds. */
const LINGER_MS = 10_000;

/** `idleMs`: how long a client may send nothing before its name, or take nothing of its file. */
export async function download(connection: Connection, root: string, idleMs: number): Promise<void> {
  const { socket } = connection;
  socket.setTimeout(idleMs, () => socket.destroy());
  const name = await readName(socket);
  if (socket.destroyed) return;
  if (name === undefined) return refuse(connection, 'invalid', '');
  connection.message('receive', name);
  await give(connection, await openInside(root, name));
}

export async function greet(connection: Connection, path: string, idleMs: number): Promise<void> {
  const { socket } = connection;
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.resume();
  await give(connection, await greeting(path));
}

/** At most 200 characters of a name, for an event. */
export function bounded(name: string): string {
  return name.slice(0, 200);
}

async function greeting(path: string): Promise<Found> {
  try {
    const file = await open(path);
    const stats = await file.stat({ bigint: true });
    return { file, name: path, size: Number(stats.size), stats };
  } catch {
    return { refusal: 'unreadable', name: path };
  }
}

async function give(connection: Connection, found: Found): Promise<void> {
  const { socket, report } = connection;
  if ('refusal' in found) return refuse(connection, found.refusal, found.name);
  const { file, name, size } = found;
  if (socket.destroyed) return file.close();
  report('send', { file: bounded(name), size });
  socket.once('finish', () => linger(connection));
  try {
    await writeBytes(file, socket, 0, Number.POSITIVE_INFINITY);
    socket.end();
  } catch (error) {
    // A file that cannot be read to its end must not look complete to the client: a reset, not a FIN.
    report('error', { code: codeOf(error), file: bounded(name) });
    socket.resetAndDestroy();
  } finally {
    await file.close();
  }
}

function refuse(connection: Connection, reason: string, name: string): void {
  connection.report('refuse', { reason, file: bounded(name) });
  endOurSide(connection.socket);
  if (!connection.socket.destroyed) linger(connection);
}

/** The client's FIN ends the connection; one that never comes must not hold it for ever. */
function linger({ socket }: Connection): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
