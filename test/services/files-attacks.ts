/** Attacks on the program files, in a process of its own, and a good client that must be served all along. */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { startProgram } from './program.ts';

const run = promisify(execFile);
/** At a signal the process collects, and tells what is left as a line like its events. */
const TELLS = `process.on('SIGUSR2', () => { gc(); const { heapUsed, external } = process.memoryUsage();
  console.log(JSON.stringify({ event: 'memory', bytes: heapUsed + external })); })`;

export interface Target extends AsyncDisposable {
  readonly port: number;
  readonly http: number;
  readonly tftp: number;
  readonly program: ReturnType<typeof startProgram>;
  /** Bytes that the program keeps: those that are left when all that nobody needs is collected. */
  memory(): Promise<number>;
  /** Asks for a small file by name, and over HTTP with curl; returns how many milliseconds curl says that it took. */
  serves(): Promise<number>;
}

export async function target(root: string, env: Record<string, string> = {}): Promise<Target> {
  const NODE_OPTIONS = `--expose-gc --import data:text/javascript,${encodeURIComponent(TELLS)}`;
  const ports = { PORT: '0', PORT_HTTP: '0', PORT_TFTP: '0' };
  const program = startProgram('files', { ROOT: root, HOST: '127.0.0.1', NODE_OPTIONS, ...ports, ...env });
  const { files = 0, http = 0, tftp = 0 } = await program.ports();
  return {
    port: files,
    http,
    tftp,
    program,
    async memory() {
      const before = program.events.matching({ event: 'memory' }).length;
      program.process.kill('SIGUSR2');
      const told = () => program.events.matching({ event: 'memory' })[before]?.bytes as number | undefined;
      return vi.waitFor(() => told() ?? Promise.reject(new Error('not told yet')), { timeout: 30_000 });
    },
    async serves() {
      const url = `http://127.0.0.1:${http}/hello.txt`;
      const [curl, file] = await Promise.all([
        // A process of its own, so that the attack does not slow down the client, but only the server.
        run('curl', ['-sS', '--max-time', '60', '-w', ' %{time_total}', url]),
        whole(files, 'hello.txt\n'),
      ]);
      const [content, seconds] = curl.stdout.split(' ');
      expect([content, file]).toEqual(['hello', 'hello']);
      return Number(seconds) * 1000;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** All that comes until the server ends the connection. */
async function whole(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {}).write(text);
  return Buffer.concat(await socket.toArray()).toString();
}

export interface Crowd extends AsyncDisposable {
  readonly sockets: readonly Socket[];
}

/** So many connections, each open, that have sent `text`, and read nothing where `deaf`. */
export async function crowd(port: number, count: number, text = '', deaf = false): Promise<Crowd> {
  const sockets: Socket[] = [];
  for (let begun = 0; begun < count; begun += 200) {
    const some = Array.from({ length: Math.min(200, count - begun) }, () => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {});
      if (!deaf) socket.resume();
      return socket;
    });
    await Promise.all(
      some.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))),
    );
    for (const socket of some) if (text !== '') socket.write(text);
    sockets.push(...some);
  }
  return {
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.resetAndDestroy();
      await Promise.all(
        sockets.map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))),
      );
    },
  };
}
