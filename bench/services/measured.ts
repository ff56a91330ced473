/** A server in a process of its own on one core, and load on it from the other: how much it does in a second. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** How to start a server. The text PORT in it stands for the port that it is given. */
export interface Server {
  argv: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** It says nothing when it is ready: it is when it takes connections. Else it prints a line. */
  silent?: boolean;
}

/** The load on a port, as bench/reference/load.c takes it: the words in front of host and port, and those behind. */
export type Load = readonly [kind: string, ...rest: (string | number)[]];

const run = promisify(execFile);
const READY_WITHIN = 30_000;
/** What it prints goes through a pipe that somebody reads, as the events of a program in a lab do. */
const PIPED = '"$@" | { read -r _; echo ready; exec taskset -c 1 cat >/dev/null; }';

/** Messages, lines or bytes a second. Throws where the server or the load fails. */
export async function perSecond(load: string, server: Server, [kind, ...rest]: Load): Promise<number> {
  const port = String(await freePort());
  const put = (text: string) => text.replaceAll('PORT', port);
  const argv = server.argv.map(put);
  const words = server.silent ? argv : ['sh', '-c', PIPED, 'sh', ...argv];
  const child = spawn('taskset', ['-c', '0', ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(server.env ?? {}).map(([name, value]) => [name, put(value)])),
    },
  });
  const ended = once(child, 'close');
  try {
    await Promise.race([
      server.silent ? takesConnections(port) : once(createInterface(child.stdout!), 'line'),
      ended.then(() => Promise.reject(new Error(`${argv.join(' ')} has ended`))),
    ]);
    const { stdout } = await run('taskset', ['-c', '1', load, kind, '127.0.0.1', port, ...rest.map(String)]);
    return Number(stdout);
  } finally {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }
}

async function takesConnections(port: string): Promise<void> {
  const over = Date.now() + READY_WITHIN;
  const ask = ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`];
  while (Date.now() < over) {
    if (
      await run('bash', ask).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** For TCP and UDP alike, since the next one who asks gets another. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
