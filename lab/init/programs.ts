/** The programs of a lab's hosts: each moves into its host's namespaces without a single capability. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { spawn } from '../agent/spawn.ts';
import type { CommandCalls, ProgramOrder } from './calls.ts';
import type { Host } from './hosts.ts';
import { ALL } from './namespaces.ts';

/** `output` resolves when there is room for more. */
export interface Telling {
  output(...args: Parameters<CommandCalls['output']>): Promise<unknown>;
  ended(...args: Parameters<CommandCalls['ended']>): Promise<unknown>;
}

export class Programs {
  readonly #running = new Map<number, { child: ChildProcess; host: string }>();
  readonly #tell: Telling;

  constructor(tell: Telling) {
    this.#tell = tell;
  }

  /** Starts a program in a process group of its own, so that a signal also reaches all that the program starts. */
  async start({ argv: [file = '', ...args], env, run }: ProgramOrder, host: Host): Promise<void> {
    const child = host.within(ALL, () =>
      spawn(file, args, { cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'], env }),
    );
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    this.#running.set(run, { child, host: host.name });
    const told = [this.#pass(run, 'stdout', child.stdout!), this.#pass(run, 'stderr', child.stderr!)];
    child.once('close', (exit, signal) => {
      this.#running.delete(run);
      void Promise.all(told).then(() => this.#tell.ended(run, exit, signal));
    });
  }

  /** Passes output on. A program whose output nobody takes waits, as at a pipe. */
  async #pass(run: number, name: 'stdout' | 'stderr', stream: Readable): Promise<void> {
    try {
      for await (const bytes of stream) await this.#tell.output(run, name, bytes as Buffer);
    } catch {
      // Closed under us: it has ended with its host.
    }
  }

  signal(run: number, name: NodeJS.Signals): void {
    const pid = this.#running.get(run)?.child.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // It has just ended by itself.
    }
  }

  /** Process numbers in the lab. */
  ofHost(host: string): number[] {
    return [...this.#running.values()].flatMap((one) => (one.host === host ? [one.child.pid!] : []));
  }
}
