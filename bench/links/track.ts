/** The lab of the bench: three hosts on a network, faults on their cables, and every frame as both ends' kernels saw it. */
import { CABLE_THREAD } from '../../lab/agent/cable/thread-calls.ts';
import { internals } from '../../lab/api/internals.ts';
import { lab } from '../../lab/api/lab.ts';
import { Captures } from '../../lab/captures/captures.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { Fault, FaultKind } from '../../lab/faults/fault.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { faults } from '../../lab/vocabulary.ts';
import { EAR, FIRST, PULLER, PUSHER, SENDER } from './traffic.ts';

export type HostName = 'alice' | 'bob' | 'carol';

export interface Flow {
  from: HostName;
  to: HostName;
  /** Datagrams a second, how many, and bytes of each. */
  rate: number;
  count: number;
  bytes?: number;
  port?: number;
}

/** What came of a flow. Times in milliseconds on the one clock of the machine. */
export interface Seen {
  /** By number. */
  sent: Map<number, number>;
  /** In the order in which they came; a number that was never sent is of a frame that was corrupted. */
  came: { number: number; at: number; whole: boolean; length: number }[];
}

export const PORT = 9009;
const TCP_PORT = 9010;
const OTHER_PORTS = [9011, 9012];
/** Ethernet's, IP's and UDP's headers. */
export const HEADERS = 14 + 20 + 8;
const TOOK = '/tmp/took';

export class Track implements AsyncDisposable {
  readonly #net: LiveLab;

  private constructor(net: LiveLab) {
    this.#net = net;
  }

  static async on(engine: Engine): Promise<Track> {
    const net = await lab(
      {
        lab: 'track',
        networks: { lan: '10.98.1.0/24' },
        hosts: { alice: { networks: ['lan'] }, bob: { networks: ['lan'] }, carol: { networks: ['lan'] } },
      },
      { engine },
    );
    const track = new Track(net[internals]);
    const ports = [PORT, ...OTHER_PORTS].map(String);
    for (const name of ['alice', 'bob', 'carol'] as const) {
      track.#forever(name, ['perl', '-e', EAR, ...ports]);
      track.#forever(name, ['perl', '-e', PULLER, String(TCP_PORT), TOOK]);
      await track.run(name, [
        'sh',
        '-c',
        `until ss -Huln sport = :${PORT} | grep -q . && ss -Htln sport = :${TCP_PORT} | grep -q .; do sleep 0.05; done`,
      ]);
    }
    return track;
  }

  /** Until the lab goes. */
  #forever(name: HostName, argv: string[]): void {
    void this.run(name, argv, 24 * 3600_000).catch(() => {});
  }

  async run(name: HostName, argv: string[], giveUp = 120_000): Promise<string> {
    const { stdout, stderr, exit } = await this.#host(name).agent.exec({ argv, giveUp });
    if (exit !== 0) throw new Error(`${argv.join(' ')}: ${Buffer.from(stderr)}${Buffer.from(stdout)}`);
    return Buffer.from(stdout).toString();
  }

  #host(name: HostName) {
    return this.#net.hosts.get(name)!;
  }

  addressOf(name: HostName): string {
    return this.#host(name).plan.interfaces[0]!.addresses[0]!.address;
  }

  /** As it is written in a scenario, without `as`. */
  fault(written: Record<string, unknown>): Promise<Fault> {
    const kind = faults.find(({ word }) => written[word] !== undefined)! as FaultKind;
    const shape: Record<string, { parse(value: unknown): unknown }> = { ...kind.beside?.shape };
    for (const { word, schema } of faults) shape[word] ??= schema;
    const args = Object.fromEntries(
      Object.entries(written).map(([key, value]) => [key, shape[key]!.parse(value)]),
    );
    return kind.begin(kind.beside ? args : args[kind.word], this.#net.hosts, this.#net.plan);
  }

  /** Frames that no cable could carry so far. */
  async missed(): Promise<number> {
    const all = await Promise.all([...this.#net.hosts.values()].map(({ agent }) => agent.accountOfCables()));
    return all.flatMap(({ missed }) => missed).reduce((sum, { frames }) => sum + frames, 0);
  }

  /** Frames that the host's card took so far. */
  async received(name: HostName): Promise<number> {
    return Number(await this.run(name, ['cat', '/sys/class/net/eth0/statistics/rx_packets']));
  }

  /** Nanoseconds of CPU that an agent has taken which carries frames itself; 0 where it does not. */
  async cpuOfAgent(name: HostName): Promise<number> {
    const ofAgent = `for one in /proc/[0-9]*; do if grep -qsx ${CABLE_THREAD} $one/task/*/comm; then cat $one/task/*/schedstat; fi; done`;
    const lines = (await this.run(name, ['sh', '-c', ofAgent])).trim().split('\n');
    return lines.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
  }

  /** Resolves with the rate that it had. */
  async send({ from, to, rate, count, bytes = 64, port = PORT }: Flow): Promise<number> {
    const sender = ['perl', '-e', SENDER, this.addressOf(to), `${port}`, `${rate}`, `${count}`, `${bytes}`];
    return Number(await this.run(from, ['sh', '-c', FIRST, 'sender', ...sender]));
  }

  /** Bytes a second that came by TCP behind the first second, and every frame that came meanwhile, in bits and milliseconds. */
  async push(from: HostName, to: HostName, seconds: number, captured: boolean) {
    await this.run(to, ['rm', '-f', TOOK]);
    const capture = captured ? await this.#capture([to]) : undefined;
    await this.run(from, ['perl', '-e', PUSHER, this.addressOf(to), `${TCP_PORT}`, `${seconds}`]);
    const said = await this.run(to, ['sh', '-c', `until test -f ${TOOK}; do sleep 0.1; done; cat ${TOOK}`]);
    const [bytes, time] = said.split(' ').map(Number);
    const frames = (await capture?.stop()) ?? [];
    return {
      bytesPerSecond: bytes! / time!,
      frames: frames
        .filter(({ bytes }) => bytes[23] === 6 && portOf(bytes) === TCP_PORT)
        .map((frame) => ({ at: timeOf(frame), length: frame.length })),
    };
  }

  /** All flows at once; resolves when what they sent has come, or is not coming any more. */
  async watch(flows: readonly Flow[], settle = 500): Promise<Seen[]> {
    const capture = await this.#capture([...new Set(flows.flatMap(({ from, to }) => [from, to]))]);
    await Promise.all(flows.map((flow) => this.send(flow)));
    await new Promise((resolve) => setTimeout(resolve, settle));
    const frames = await capture.stop();
    return flows.map(({ from, to, port = PORT }) => {
      const [source, target] = [this.#macOf(from), this.#macOf(to)];
      const seen: Seen = { sent: new Map(), came: [] };
      const whole = new Set<string>();
      for (const frame of frames) {
        const { bytes, host } = frame;
        if (macAt(bytes, 0) !== target || macAt(bytes, 6) !== source || bytes[12] !== 8 || bytes[13] !== 0)
          continue;
        const number = Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32BE(HEADERS);
        if (host === from) {
          if (portOf(bytes) !== port) continue;
          seen.sent.set(number, timeOf(frame));
          whole.add(Buffer.from(bytes).toString('latin1'));
        } else if (host === to) {
          const isWhole = whole.has(Buffer.from(bytes).toString('latin1'));
          if (isWhole ? portOf(bytes) === port : flows.length === 1)
            seen.came.push({ number, at: timeOf(frame), whole: isWhole, length: frame.length });
        }
      }
      return seen;
    });
  }

  #macOf(name: HostName): string {
    return this.#host(name).plan.interfaces[0]!.mac.toLowerCase().replaceAll(':', '');
  }

  /** What was captured from now on, in order of time. Throws where frames are missing: there is nothing to say then. */
  async #capture(hosts: readonly HostName[]) {
    const captures = new Captures(this.#net.hosts, [], { frames: 2_000_000, bytes: 2 ** 30 });
    await captures.watch(hosts, []);
    return {
      async stop() {
        const missing = await captures.drain();
        const { frames, cards } = await captures.stop();
        if (missing !== undefined) throw new Error(`the capture is not complete: ${missing}`);
        return frames
          .map((frame) => ({ ...frame, host: cards[frame.card]!.host }))
          .sort((a, b) => timeOf(a) - timeOf(b));
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#net[Symbol.asyncDispose]();
  }
}

function timeOf({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): number {
  return (seconds - EPOCH) * 1000 + nanoseconds / 1e6;
}
/** So that a millisecond keeps all its digits. */
const EPOCH = Math.floor(Date.now() / 1000);

function portOf(frame: Uint8Array): number {
  return frame[36]! * 256 + frame[37]!;
}

function macAt(frame: Uint8Array, at: number): string {
  return Buffer.from(frame.buffer, frame.byteOffset + at, 6).toString('hex');
}

/** Of what is pushed by TCP: its first second does not count. */
export function secondsOf(seconds: number, share: number): number {
  return Math.max(3, Math.round(seconds * share));
}
