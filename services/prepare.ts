/**
 * Makes an image of a program from its sources: `node prepare.ts PROGRAM`, as root in the folder /app. The program and
 * its health check are started once, as the user whom they will have, so that every later start finds them compiled
 * and takes half the time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';

const NOBODY = 65534;
const CACHE = '.cache';
/** Any free port for each: the image may be built on a network where others listen. */
const PORTS = [
  'PORT',
  'PORT_HTTP',
  'PORT_IRC',
  'PORT_TFTP',
  'PORT_ECHO',
  'PORT_CAPITALS',
  'PORT_NTP',
  'PORT_TIME',
  'PORT_DAYTIME',
  'PORT_SECONDS',
  'GREETING_PORT',
];

const program = process.argv[2] ?? '';
writeFileSync(`${program}/main.mjs`, "import './main.ts';\n");
writeFileSync('health.mjs', "import './health.ts';\n");
mkdirSync(CACHE);
chownSync(CACHE, NOBODY, NOBODY);

const env = { ...process.env, NODE_COMPILE_CACHE: CACHE, HOST: '127.0.0.1' };
const ports = Object.fromEntries(PORTS.map((name) => [name, '0']));
const start = (path: string, settings: Record<string, string> = {}) =>
  spawn(process.execPath, [path, program], {
    uid: NOBODY,
    gid: NOBODY,
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const running = start(`${program}/main.mjs`, ports);
const ended = once(running, 'exit');
await Promise.race([once(running.stdout, 'data'), ended]);
running.kill('SIGTERM');
const [exit] = await ended;
// Nothing answers: it is compiled all the same.
await once(start('health.mjs', { PORT: '1', PORT_CAPITALS: '1', PORT_TIME: '1' }), 'exit');
process.exit(exit === 0 ? 0 : 1);
