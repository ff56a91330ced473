/** A short-lived tool of an agent that is a thread, started by posix_spawn(3) (see start.ts), with streams as `spawn` gives them. */
import { EventEmitter } from 'node:events';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ToolProcess } from '../agent/spawn.ts';
import { makePipe } from './kernel.ts';
import { endingOf, startWith } from './start.ts';

/** Bytes that a pipe of Linux holds at first (pipe(7)). */
const CAPACITY = 64 * 1024;
/** Milliseconds between two looks whether a tool that says nothing more has ended: at first, and at most. */
const [SOON, LATER] = [1, 50];

/** Throws an Error as that of Node's own `spawn` where the tool cannot be started. */
export function startTool(argv: readonly string[]): ToolProcess {
  const [ours, theirs]: number[][] = [[], []];
  try {
    const [input, output, errors] = [0, 1, 2].map((file) => {
      const { readable, writable } = makePipe(CAPACITY, true);
      ours!.push(file === 0 ? writable : readable);
      theirs!.push(file === 0 ? readable : writable);
      return theirs![file]!;
    });
    const pid = startWith(argv, process.env, { input: input!, output: output!, errors: errors! });
    return new Tool(pid, ours!);
  } catch (error) {
    for (const file of ours!) closeSync(file);
    throw error;
  } finally {
    for (const file of theirs!) closeSync(file);
  }
}

class Tool extends EventEmitter implements ToolProcess {
  readonly pid: number;
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;

  constructor(pid: number, [input, output, errors]: readonly number[]) {
    super();
    this.pid = pid;
    this.stdin = new Socket({ fd: input!, readable: false, writable: true });
    this.stdout = new Socket({ fd: output!, readable: true, writable: false });
    this.stderr = new Socket({ fd: errors!, readable: true, writable: false });
    let open = 2;
    for (const stream of [this.stdout, this.stderr]) {
      stream.once('close', () => {
        open -= 1;
        if (open === 0) void this.#waitFor();
      });
    }
  }

  async #waitFor(): Promise<void> {
    try {
      for (let next = SOON; ; next = Math.min(2 * next, LATER)) {
        const ending = endingOf(this.pid);
        if (ending) {
          this.stdin.destroy();
          this.emit('close', ending.exit, ending.signal);
          return;
        }
        await pause(next);
      }
    } catch (error) {
      this.emit('error', error);
    }
  }
}
