/** One folder of files for several kinds of clients: the tutorial's, HTTP's and TFTP's. A further port sends one file to all. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EVERY_ADDRESS, StartError } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { listenStream } from '../tcp-listener.ts';
import { type Identity, listenHttp } from './http/server.ts';
import { download, greet } from './named.ts';
import { listenTftp } from './tftp/server.ts';

export interface FilesOptions extends ServiceOptions {
  /** Default 9000. */
  readonly port?: number;
  /** Default 80. */
  readonly httpPort?: number;
  /** Files with a certificate and its private key, as PEM. Default: none, and no port of HTTPS. */
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** Default 443. */
  readonly httpsPort?: number;
  /** Default 69. */
  readonly tftpPort?: number;
  /** The folder whose files are given out, with its sub-folders. Default `/srv/files`. */
  readonly root?: string;
  /** A file sent to every client that connects to `greetingPort`. Default: none, and no such port. */
  readonly greetingFile?: string;
  /** Default 9001. */
  readonly greetingPort?: number;
  /** Milliseconds for which a client over TCP may be silent or take nothing. Default 300,000. */
  readonly idleMs?: number;
}

/** @throws StartError when the folder or the greeting is missing, or a port is in use or not permitted. */
export async function createFiles(options: FilesOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const common = { hosts: options.hosts ?? EVERY_ADDRESS, events };
  const idleMs = options.idleMs ?? 300_000;
  const root = await folder(options.root ?? '/srv/files');
  const greeting = await greetingFile(options.greetingFile);
  const identity = await identityOf(options);
  const starting = [
    listenStream({
      ...common,
      service: 'files',
      port: options.port ?? 9000,
      setting: 'PORT',
      onConnection: (connection) => void download(connection, root, idleMs),
    }),
    listenHttp({ ...common, port: options.httpPort ?? 80, root, idleMs }),
    listenTftp({ ...common, port: options.tftpPort ?? 69, root }),
  ];
  if (greeting !== undefined) {
    starting.push(
      listenStream({
        ...common,
        service: 'greeting',
        port: options.greetingPort ?? 9001,
        setting: 'GREETING_PORT',
        onConnection: (connection) => void greet(connection, greeting, idleMs),
      }),
    );
  }
  if (identity)
    starting.push(listenHttp({ ...common, port: options.httpsPort ?? 443, root, identity, idleMs }));
  const service = await together(starting);
  events.emit({ event: 'ready', program: 'files', listening: service.addresses });
  return service;
}

/** Throws where the two do not fit each other: no client could ever connect. */
async function identityOf({ certificateFile, keyFile }: FilesOptions): Promise<Identity | undefined> {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  const [cert, key] = await Promise.all([pemFile('TLS_CERT', certificateFile), pemFile('TLS_KEY', keyFile)]);
  const { createSecureContext } = await import('node:tls');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const why = (error as Error).message;
    const mend = 'Set both to PEM files that belong together, or leave both out for no HTTPS.';
    throw new StartError(`TLS_CERT and TLS_KEY cannot be used: ${why}. ${mend}`);
  }
  return { cert, key };
}

async function pemFile(name: string, path: string | undefined): Promise<string> {
  const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  const found =
    path === undefined ? `${name} is missing` : `${name} is ${JSON.stringify(path)}: it cannot be read`;
  throw new StartError(`${found}. Set TLS_CERT and TLS_KEY to PEM files, or leave both out for no HTTPS.`);
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
