/** Files over TCP: the client sends a name, the server streams the bytes and closes. A second port sends one file to all. */
import { open, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EVERY_ADDRESS, StartError } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { type Connection, codeOf, endOurSide, listenStream } from '../tcp-listener.ts';
import { readName } from './name.ts';
import { type Found, openInside } from './root.ts';

export interface FilesOptions extends ServiceOptions {
  /** Default 9000. */
  readonly port?: number;
  /** The folder whose files are given out, with its sub-folders. Default `/srv/files`. */
  readonly root?: string;
  /** A file sent to every client that connects to `greetingPort`. Default: none, and no second port. */
  readonly greetingFile?: string;
  /** Default 9001. */
  readonly greetingPort?: number;
}

/** Memory that a download takes, for a file of any size. */
const CHUNK_BYTES = 256 << 10;
/** How long a client that has everything may keep its side open, in milliseconds. */
const LINGER_MS = 10_000;

/** @throws StartError when the folder or the greeting is missing, or a port is in use or not permitted. */
export async function createFiles(options: FilesOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const common = { hosts: options.hosts ?? EVERY_ADDRESS, events };
  const root = await folder(options.root ?? '/srv/files');
  const greeting = await greetingFile(options.greetingFile);
  const starting = [
    listenStream({
      ...common,
      service: 'files',
      port: options.port ?? 9000,
      setting: 'PORT',
      onConnection: (connection) => void download(connection, root),
    }),
  ];
  if (greeting !== undefined) {
    starting.push(
      listenStream({
        ...common,
        service: 'greeting',
        port: options.greetingPort ?? 9001,
        setting: 'GREETING_PORT',
        onConnection: (connection) => void greet(connection, greeting),
      }),
    );
  }
  const service = await together(starting);
  events.emit({ event: 'ready', program: 'files', listening: service.addresses });
  return service;
}

async function download(connection: Connection, root: string): Promise<void> {
  const name = await readName(connection.socket);
  if (connection.socket.destroyed) return;
  if (name === undefined) return refuse(connection, 'invalid', '');
  connection.message('receive', name);
  await give(connection, await openInside(root, name));
}

async function greet(connection: Connection, path: string): Promise<void> {
  connection.socket.resume();
  let found: Found;
  try {
    const file = await open(path);
    found = { file, name: path, size: (await file.stat()).size };
  } catch {
    found = { refusal: 'unreadable', name: path };
  }
  await give(connection, found);
}

async function give(connection: Connection, found: Found): Promise<void> {
  const { socket, report } = connection;
  if ('refusal' in found) return refuse(connection, found.refusal, found.name);
  const { file, name, size } = found;
  if (socket.destroyed) return file.close();
  report('send', { file: bounded(name), size });
  socket.once('finish', () => linger(connection));
  const bytes = file.createReadStream({ highWaterMark: CHUNK_BYTES });
  // A file that cannot be read to its end must not look complete to the client: a reset, not a FIN.
  bytes.once('error', (error) => {
    report('error', { code: codeOf(error), file: bounded(name) });
    socket.resetAndDestroy();
  });
  // A client that left is an event of its connection, not a failure of ours.
  await pipeline(bytes, socket).catch(() => {});
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

function bounded(name: string): string {
  return name.slice(0, 200);
}

async function folder(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) return realpath(path);
  const found = stats === undefined ? 'there is no such folder' : 'it is not a folder';
  throw new StartError(
    `ROOT is ${JSON.stringify(path)}: ${found}. Set ROOT to the folder whose files to give out.`,
  );
}

async function greetingFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() === true) return resolve(path);
  const found = stats === undefined ? 'there is no such file' : 'it is not a file';
  throw new StartError(
    `GREETING_FILE is ${JSON.stringify(path)}: ${found}. Set it to a file, or leave it out for no greeting.`,
  );
}
