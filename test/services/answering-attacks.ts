/** Attacks on the programs tcp-echo, udp-echo and time, each in a process of its own, and good clients that must be served all along. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect } from 'vitest';
import { tcpClient, udpClient } from './clients.ts';
import { ask, type Door } from './good-client.ts';
import { type Measured, measured } from './measured.ts';

/** Answers over UDP have no limit if they are not longer than this request of Daytime and of the Time Protocol. */
const PADDED = Buffer.alloc(26, 'x');
const NTP = Buffer.alloc(48, 'x').fill(0b00_100_011, 0, 1);
const FORMAT = Buffer.from('%H:%M:%S of somewhere');
const HELLO = Buffer.from('hello');

/** For each service of a program, over TCP and over UDP, a request that is always answered. */
const ASKS = {
  'tcp-echo': { tcp: { echo: HELLO, capitals: HELLO } },
  'udp-echo': { udp: { echo: HELLO, capitals: HELLO } },
  time: {
    tcp: { daytime: PADDED, seconds: PADDED },
    udp: { ntp: NTP, time: FORMAT, daytime: PADDED, seconds: PADDED },
  },
} as const;
export type Attacked = keyof typeof ASKS;
export const ATTACKED = Object.keys(ASKS) as Attacked[];

export interface AnsweringTarget extends AsyncDisposable, Measured {
  readonly doors: readonly Door[];
  /** Asks at each port; returns the milliseconds of the slowest answer. */
  serves(): Promise<number>;
}

export async function answering(name: Attacked, env: Record<string, string> = {}): Promise<AnsweringTarget> {
  const names = ['PORT_ECHO', 'PORT_CAPITALS', 'PORT_NTP', 'PORT_TIME', 'PORT_DAYTIME', 'PORT_SECONDS'];
  const ports = Object.fromEntries(names.map((port) => [port, '0']));
  const target = measured(name, { HOST: '127.0.0.1', NTP_RATE: '0', ...ports, ...env });
  await target.program.ports();
  const ready = await target.program.events.seen({ event: 'ready' });
  const listening = ready.listening as Omit<Door, 'good'>[];
  const doors = listening.map((door) => ({ ...door, good: goodAt(name, door) }));
  const clients = new Worker(new URL('./good-client.ts', import.meta.url));
  return {
    ...target,
    doors,
    async serves() {
      clients.postMessage(doors);
      const [took] = (await once(clients, 'message')) as [number | string];
      if (typeof took === 'string') throw new Error(took);
      return took;
    },
    async [Symbol.asyncDispose]() {
      await clients.terminate();
      await target.program[Symbol.asyncDispose]();
    },
  };
}

function goodAt(name: Attacked, { transport, service }: Pick<Door, 'transport' | 'service'>): Buffer {
  const asks: Partial<Record<string, Partial<Record<string, Buffer>>>> = ASKS[name];
  return asks[transport]?.[service] ?? Buffer.alloc(0);
}

/** Random bytes, none, more than any protocol has, not UTF-8, and good requests with a byte changed, cut off, or made longer. */
const hostile: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.alloc(8000, '%c'),
    Buffer.alloc(1537, '%'),
    Buffer.alloc(1400, 0xff),
  ),
  fc
    .tuple(fc.constantFrom(NTP, FORMAT, Buffer.from('%c%Z%'), HELLO), fc.nat(), fc.nat(255), fc.nat(70))
    .map(([good, at, value, length]) => {
      const bytes = Buffer.concat([good, good]);
      bytes[at % bytes.length] = value;
      return bytes.subarray(0, length);
    }),
);

/** As many as one socket's buffer holds, so that few are lost. */
const BATCH = 20;

/** So many hostile messages to each port, made from a seed that is printed; over TCP each batch has a connection of its own. */
export async function hostileMessages({ doors }: AnsweringTarget, count: number): Promise<void> {
  const seed = Date.now() & 0x7fffffff;
  console.info(`${count} hostile messages to each of ${doors.length} ports, seed ${seed}`);
  const messages = fc.sample(hostile, { seed, numRuns: Math.min(count, 20_000) });
  using eve = await udpClient({ address: '127.0.0.9' });
  eve.socket.removeAllListeners('message');
  const batch = async (door: Door, some: readonly Buffer[]): Promise<void> => {
    if (door.transport === 'tcp') return hostileConnection(door, Buffer.concat(some));
    for (const message of some) eve.send(message, door.port, '127.0.0.1');
    // Its answer comes after all that was sent to this port before.
    await ask(door);
  };
  for (let begun = 0; begun < count; begun += BATCH) {
    const some = Array.from({ length: BATCH }, (_, i) => messages[(begun + i) % messages.length]!);
    await Promise.all(doors.map((door) => batch(door, some)));
  }
}

async function hostileConnection({ port, service }: Door, bytes: Buffer): Promise<void> {
  using client = await tcpClient(port);
  client.socket.end(bytes);
  const came = client.rest();
  // The server may reset a client that goes on after its answer.
  await Promise.race([came, new Promise((resolve) => client.socket.once('close', resolve))]);
  if (service === 'echo') expect((await came).equals(bytes)).toBe(true);
}
