/** Attacks on the program files, in a process of its own, and a good client that must be served all along. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Measured, measured } from './measured.ts';

const run = promisify(execFile);
export interface Target extends AsyncDisposable, Measured {
  readonly port: number;
  readonly http: number;
  readonly tftp: number;
  /** Asks for a small file by name, and over HTTP with curl; returns how many milliseconds curl says that it took. */
  serves(): Promise<number>;
}

export async function target(root: string, env: Record<string, string> = {}): Promise<Target> {
  const ports = { PORT: '0', PORT_HTTP: '0', PORT_TFTP: '0' };
  const { program, memory } = measured('files', { ROOT: root, HOST: '127.0.0.1', ...ports, ...env });
  const { files = 0, http = 0, tftp = 0 } = await program.ports();
  return {
    port: files,
    http,
    tftp,
    program,
    memory,
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
