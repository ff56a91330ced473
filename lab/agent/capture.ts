/**
 * Frames of a card, as tcpdump takes them from the kernel: a stream of pcap with nanoseconds. A capture is ready when tcpdump
 * has said that it listens. It is complete when tcpdump has put out as many frames as the kernel says it received.
 */

import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { asTcpdump } from './as-tcpdump.ts';
import { failure } from './failures.ts';
import type { Closable, Handles } from './handles.ts';
import { macsOn } from './macs.ts';
import { patient } from './patience.ts';
import { enlarge, openPipe, PipeReader } from './pipe.ts';
import type { AgentCalls, CaptureCounts } from './protocol.ts';
import { spawn } from './spawn.ts';
import { Bell } from './waiting.ts';

/** Bytes that the kernel keeps free by default. */
const ROOM = 2 * 1024 * 1024;
/** Bytes that are held here before somebody asks for them: a burst is kept, a flood is dropped by the kernel and counted. */
const HELD = 128 * 1024 * 1024;
/** Bytes of one answer. */
const PIECE = 4 * 1024 * 1024;
/** Bytes beside the MTU that a frame may have: Ethernet's header and tags. */
const HEADERS = 64;
/** Milliseconds in which tcpdump has to say that it listens, or how many frames it has. */
const TCPDUMP_ANSWERS_WITHIN = 60_000;
/** Milliseconds between two questions. */
const AGAIN = 2;

type StartRequest = Parameters<AgentCalls['captureStart']>[0];

export function captureCalls(
  handles: Handles,
): Pick<AgentCalls, 'captureStart' | 'captureRead' | 'captureDrain' | 'captureStop'> {
  const captureOf = (handle: string) => handles.get(handle, Capture, 'capture');
  return {
    captureStart: async (request) => ({ handle: handles.keep(await startCapture(request)) }),
    captureRead: ({ handle, giveUp }) => captureOf(handle).read(giveUp),
    captureDrain: ({ handle }) => captureOf(handle).drain(),
    captureStop: ({ handle }) => captureOf(handle).stop(),
  };
}

/** Throws a NetworkFailure where tcpdump cannot be started, an Error in its own words where it cannot capture. */
export async function startCapture({ card, mtu, room = ROOM, filter = '' }: StartRequest): Promise<Capture> {
  const start = performance.now();
  const [file = '', ...args] = asTcpdump([
    ...['-i', card, '-n', '-U', '--immediate-mode', '--time-stamp-precision=nano'],
    ...['-B', String(room / 1024), '-s', String(mtu + HEADERS), '-w', '-', '--', filter],
  ]);
  const capture = await running(card, file, args);
  await capture.listening(start);
  return capture;
}

async function running(card: string, file: string, args: string[]): Promise<Capture> {
  const { readable, writable } = await openPipe();
  try {
    const enlarged = enlarge(writable);
    const child = spawn(file, args, { cwd: '/', stdio: ['ignore', writable, 'pipe'], env: cLocale() });
    const capture = new Capture(card, child, readable);
    await enlarged;
    return capture;
  } catch (error) {
    closeSync(readable);
    throw error;
  } finally {
    // This end is the program's alone: when the program ends, so does the stream.
    closeSync(writable);
  }
}

/** The program's words are parsed, so they must be those of the C locale. */
function cLocale(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' };
}

const COUNTS =
  /(\d+) packets? captured\D+(\d+) packets? received by filter\D+(\d+) packets? dropped by kernel/g;

export class Capture implements Closable {
  readonly #card: string;
  readonly #child: ChildProcess;
  readonly #frames: PipeReader;
  readonly #bell = new Bell();
  /** The words of tcpdump on standard error, beside the frames. */
  #says = '';
  /** Bytes that nobody has asked for yet. */
  readonly #held: Buffer[] = [];
  #size = 0;
  #failed: Error | undefined;
  #ended = false;

  /** `readable` is the other end of the pipe that tcpdump writes to. */
  constructor(card: string, child: ChildProcess, readable: number) {
    this.#card = card;
    this.#child = child;
    const read = Promise.withResolvers<void>();
    this.#frames = new PipeReader(readable, (bytes) => this.#hold(bytes), read.resolve);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#says += text;
      this.#bell.ring();
    });
    child.once('error', (error) => {
      this.#failed = error;
      this.#over();
    });
    child.once('close', () => void read.promise.then(() => this.#over()));
  }

  async listening(start: number): Promise<void> {
    const ready = () =>
      this.#says.includes('listening on') ? 'listening' : this.#ended ? 'ended' : undefined;
    const state = await this.#bell.until(ready, patient(TCPDUMP_ANSWERS_WITHIN));
    if (state === 'listening') {
      this.#says = '';
      return;
    }
    await this.close();
    if (this.#failed) throw failure(this.#failed, 'exec', start);
    throw new Error(
      this.#says.trim() || `tcpdump said nothing in ${patient(TCPDUMP_ANSWERS_WITHIN) / 1000} s`,
    );
  }

  /** The next bytes of the stream, nothing where `giveUp` passes first; `end` after the last. */
  async read(giveUp: number): ReturnType<AgentCalls['captureRead']> {
    const next = () => {
      if (this.#size > 0) return { bytes: this.#take(), end: false };
      return this.#ended ? { bytes: new Uint8Array(), end: true, said: this.#says.trim() } : undefined;
    };
    const come = (await this.#bell.until(next, giveUp)) ?? { bytes: new Uint8Array(), end: false };
    return { ...come, macs: come.bytes.length > 0 ? macsOn(this.#card) : [] };
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= HELD) this.#frames.hold();
    this.#bell.ring();
  }

  #take(): Buffer {
    let [count, size] = [0, 0];
    while (count < this.#held.length && size < PIECE) size += this.#held[count++]!.length;
    this.#size -= size;
    if (this.#size < HELD) this.#frames.go();
    return Buffer.concat(this.#held.splice(0, count), size);
  }

  /** Asks until everything that the kernel had received has been put out, or was dropped. */
  async drain(): Promise<CaptureCounts> {
    const until = performance.now() + patient(TCPDUMP_ANSWERS_WITHIN);
    for (;;) {
      const counts = await this.#ask('SIGUSR1', until - performance.now());
      if (!counts) throw new Error(`tcpdump does not answer: ${this.#says.trim() || 'it said nothing'}`);
      const { captured, received, dropped } = counts;
      if (captured + dropped >= received || performance.now() > until) return counts;
      await delay(AGAIN);
    }
  }

  /** Ends the capture, and returns its last counts. Frames that it has put out can still be read. */
  async stop(): Promise<CaptureCounts> {
    const counts = await this.drain();
    return (await this.#ask('SIGINT', patient(TCPDUMP_ANSWERS_WITHIN))) ?? counts;
  }

  async #ask(signal: 'SIGUSR1' | 'SIGINT', patience: number): Promise<CaptureCounts | undefined> {
    this.#says = '';
    this.#child.kill(signal);
    return this.#bell.until(
      () => {
        const last = [...this.#says.matchAll(COUNTS)].at(-1);
        if (!last) return this.#ended ? { captured: 0, received: 0, dropped: 0 } : undefined;
        const [captured, received, dropped] = last.slice(1).map(Number) as [number, number, number];
        return { captured, received, dropped };
      },
      Math.max(0, patience),
    );
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#frames.close();
  }

  #over(): void {
    this.#ended = true;
    this.#bell.ring();
  }
}
