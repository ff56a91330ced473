/**
 * A program's output, by a pipe of the kernel's own, in as few pieces as its rate allows. Node's own `pipe` is a pair of
 * sockets: each small write is a buffer of its own there, and an event here. In a pipe, writes join. While much comes, the
 * reader rests between two looks.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { spawn } from './spawn.ts';
import { tool } from './tool.ts';

/** Bytes that a pipe of Linux holds at first (pipe(7)). */
const CAPACITY = 64 * 1024;
/**
 * Bytes that a pipe should hold. Where more processes run than there are cores, only so much gets through it each time that
 * reader and writer had their turn. An ordinary user may have 64 pipes of a megabyte, or 128 of this size.
 */
const WANTED = 512 * 1024;
/** Bytes of one read. */
const PIECE = 128 * 1024;
/** Bytes a millisecond from which on the reader rests. Below this rate everything is read at once. */
const MUCH = 256;
/** Milliseconds over which the rate is measured. */
const WINDOW = 16;
/** Milliseconds of the longest rest. */
const LONGEST = 4;

/** Both ends, as file descriptors. The code that opens them closes them. */
export interface Pipe {
  readable: number;
  writable: number;
}

let given: (() => Pipe) | undefined;

/** For an agent that can ask the kernel itself, without a process: pipe2(2), and F_SETPIPE_SZ of fcntl(2). */
export function makePipesBy(make: (bytes: number) => Pipe): void {
  given = () => make(WANTED);
}

export async function openPipe(): Promise<Pipe> {
  if (given) return given();

  const path = `/tmp/lanlab-pipe-${randomUUID()}`;
  await tool(['mkfifo', '-m', '600', path]);
  try {
    // Opened without waiting for a writer. The writer then finds a reader, and does not wait either.
    const readable = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return { readable, writable: openSync(path, constants.O_WRONLY) };
    } catch (error) {
      closeSync(readable);
      throw error;
    }
  } finally {
    unlinkSync(path);
  }
}

/**
 * Resolves when the pipe holds more, or stays as it is. Node has no call for that; perl (part of every Debian) has one. 1031
 * is F_SETPIPE_SZ.
 */
export async function enlarge(writable: number): Promise<void> {
  if (given) return;
  try {
    const script = `fcntl(STDOUT, 1031, ${WANTED})`;
    await once(spawn('perl', ['-e', script], { cwd: '/', stdio: ['ignore', writable, 'ignore'] }), 'close');
  } catch {
    // Without perl it is slower, but as correct.
  }
}

/** Hands on everything that comes out of a pipe. When the reader is closed, so is its end of the pipe. */
export class PipeReader {
  readonly #socket: Socket;
  readonly #take: (bytes: Buffer) => void;
  readonly #rate = new Rate();
  #rest: NodeJS.Timeout | undefined;
  #held = false;

  /** `over` is called once, when nobody writes any more and everything was taken, or when it was closed. */
  constructor(readable: number, take: (bytes: Buffer) => void, over: () => void) {
    this.#take = take;
    this.#socket = new Socket({
      fd: readable,
      readable: true,
      writable: false,
      onread: {
        buffer: Buffer.allocUnsafeSlow(PIECE),
        callback: (length, bytes) => this.#came(Buffer.from(bytes.subarray(0, length))),
      },
    });
    this.#socket.on('error', () => {}).once('close', over);
  }

  /** Nothing is taken until `go`: the writer waits once the pipe is full. */
  hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  go(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#rest) this.#socket.resume();
  }

  close(): void {
    clearTimeout(this.#rest);
    this.#socket.destroy();
  }

  #came(bytes: Buffer): boolean {
    this.#take(bytes);
    const rest = restAt(this.#rate.with(bytes.length));
    // Behind a large piece there is more.
    if (rest > 0 && bytes.length < CAPACITY / 2) this.#pause(rest);
    return true;
  }

  #pause(milliseconds: number): void {
    this.#socket.pause();
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (!this.#held) this.#socket.resume();
    }, milliseconds);
  }
}

/**
 * Milliseconds until even a small pipe is half full; 0 where that is less than a timer can measure. The pieces are then large
 * by themselves.
 */
function restAt(rate: number): number {
  if (rate < MUCH) return 0;
  const rest = Math.min(LONGEST, CAPACITY / 2 / rate);
  return rest < 1 ? 0 : rest;
}

/** Bytes a millisecond in the last window that is over. */
class Rate {
  #rate = 0;
  #bytes = 0;
  #began = performance.now();

  with(bytes: number): number {
    this.#bytes += bytes;
    const passed = performance.now() - this.#began;
    if (passed >= WINDOW) {
      this.#rate = this.#bytes / passed;
      this.#bytes = 0;
      this.#began += passed;
    }
    return this.#rate;
  }
}
