/**
 * The images' health check: `node health.ts PROGRAM` really asks the program, over loopback unless `HOST` says
 * otherwise, with the environment it was started with. Exit code 0 when the answer is right, else 1 and why.
 */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { unmapped } from './addresses.ts';
import { type Environment, hostsFrom, portFrom } from './environment.ts';

interface Probe {
  readonly transport: 'tcp' | 'udp';
  readonly setting: string;
  readonly ask: string;
  right(answer: string): boolean;
}

const capitals = {
  setting: 'PORT_CAPITALS',
  ask: 'healthy?',
  right: (answer: string) => answer === 'HEALTHY?',
};
const PROBES: Readonly<Record<string, Probe>> = {
  'tcp-echo': { transport: 'tcp', ...capitals },
  'udp-echo': { transport: 'udp', ...capitals },
  time: { transport: 'udp', setting: 'PORT_TIME', ask: '%Y', right: (answer) => /^\d{4,}$/.test(answer) },
  // No file has an empty name: the right answer is the end of the stream.
  files: { transport: 'tcp', setting: 'PORT', ask: '\n', right: (answer) => answer === '' },
  chat: { transport: 'udp', setting: 'PORT', ask: '/help', right: (answer) => answer.startsWith('relay: ') },
};
const ANSWER_MS = 2000;

function address(env: Environment): string {
  const host = unmapped(hostsFrom(env)[0] ?? '::');
  return host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host;
}

function askTcp(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host, port, allowHalfOpen: true }, () => socket.end(text));
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

function askUdp(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    socket.on('message', (data) => resolve(data.toString())).on('error', reject);
    socket.send(text, port, host);
  });
}

async function check(name: string, env: Environment): Promise<string> {
  const probe = PROBES[name];
  if (probe === undefined) throw new Error(`no program ${name}; there are ${Object.keys(PROBES).join(', ')}`);
  const port = portFrom(env, probe.setting, 9000);
  const ask = probe.transport === 'tcp' ? askTcp : askUdp;
  const answer = await ask(address(env), port, probe.ask);
  if (!probe.right(answer)) throw new Error(`${name} answered ${JSON.stringify(answer.slice(0, 100))}`);
  return `${name} answers at port ${port}`;
}

setTimeout(() => {
  process.stdout.write(`no answer in ${ANSWER_MS} ms\n`);
  process.exit(1);
}, ANSWER_MS);
try {
  process.stdout.write(`${await check(process.argv[2] ?? '', process.env)}\n`);
  process.exit(0);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
