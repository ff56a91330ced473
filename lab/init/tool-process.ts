/** Tools of an agent that is a thread. They start by posix_spawn(3) (see start.ts), and have streams as `spawn` gives them. */
import { EventEmitter } from 'node:events';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { lacksDescriptors, tooFewDescriptors } from '../agent/descriptors.ts';
import type { Argv, ToolProcess } from '../agent/spawn.ts';
import { makePipe } from './kernel.ts';
import { type Ending, endingOf, startWith } from './start.ts';

/** Bytes that a pipe of Linux holds at first (pipe(7)). */
const CAPACITY = 64 * 1024;
/** Milliseconds between two looks whether a tool that says nothing more has ended: at first, and at most. */
const [SOON, LATER] = [1, 50];

/** Starts a tool. Throws an Error like that of Node's own `spawn` where the tool cannot be started. */
export function startTool(argv: Argv): ToolProcess {
  const tool = new Tool();
  try {
    tool.start(argv);
    return tool;
  } catch (error) {
    tool.discard();
    throw lacksDescriptors(error) ? tooFewDescriptors(`spawn ${argv[0]}`) : error;
  }
}

class Tool extends EventEmitter implements ToolProcess {
  pid!: number;
  stdin!: Socket;
  stdout!: Socket;
  stderr!: Socket;
  /** The ends of the pipes that are the tool's. */
  readonly #theirs: number[] = [];

  start(argv: Argv): void {
    try {
      this.stdin = this.#pipe('writable');
      this.stdout = this.#pipe('readable');
      this.stderr = this.#pipe('readable');
      const [input, output, errors] = this.#theirs as [number, number, number];
      this.pid = startWith(argv, process.env, { input, output, errors });
    } finally {
      for (const file of this.#theirs) closeSync(file);
    }
    let open = 2;
    for (const stream of [this.stdout, this.stderr]) {
      stream.once('close', () => {
        open -= 1;
        if (open === 0) void this.#waitForEnd();
      });
    }
  }

  /** For one that was not started. */
  discard(): void {
    for (const stream of [this.stdin, this.stdout, this.stderr] as (Socket | undefined)[]) stream?.destroy();
  }

  /** Our end of a new pipe. */
  #pipe(ours: 'readable' | 'writable'): Socket {
    const ends = makePipe(CAPACITY, true);
    this.#theirs.push(ours === 'readable' ? ends.writable : ends.readable);
    const readable = ours === 'readable';
    return new Socket({ fd: ends[ours], readable, writable: !readable });
  }

  async #waitForEnd(): Promise<void> {
    let ending: Ending | undefined;
    try {
      for (let next = SOON; ; next = Math.min(2 * next, LATER)) {
        ending = endingOf(this.pid);
        if (ending) break;
        await pause(next);
      }
    } catch (error) {
      this.emit('error', error);
      return;
    } finally {
      this.stdin.destroy();
    }
    this.emit('close', ending.exit, ending.signal);
  }
}
