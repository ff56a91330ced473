/** Runs a program of the host: the network tools, and what a scenario asks for. */
import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { failure, timedOut } from './failures.ts';
import type { AgentCalls, ExecResult } from './protocol.ts';

/** Output beyond this is dropped, a stream. */
const KEPT = 1024 * 1024;

class Output {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  truncated = false;

  take(chunk: Buffer): void {
    const kept = chunk.subarray(0, KEPT - this.#size);
    this.truncated ||= kept.length < chunk.length;
    this.#chunks.push(kept);
    this.#size += kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

type ExecRequest = Parameters<AgentCalls['exec']>[0];

/** The program in a process group of its own, so that what it started ends with it. */
export function exec({ argv, env, stdin, giveUp }: ExecRequest): Promise<ExecResult> {
  const start = performance.now();
  const [file, ...args] = argv;
  const options: SpawnOptionsWithoutStdio = { detached: true, env: { ...process.env, ...env } };
  const child = spawn(file ?? '', args, options);
  const out = new Output();
  const err = new Output();
  child.stdout.on('data', (chunk: Buffer) => out.take(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.take(chunk));
  child.stdin.on('error', () => {}); // It need not read what it is given.
  child.stdin.end(stdin ?? '');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(timedOut(`exec ${file}`, start));
      killGroup(child.pid);
    }, giveUp);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(failure(error, 'exec', start));
    });
    child.once('close', (exit, signal) => {
      clearTimeout(timer);
      const truncated = out.truncated || err.truncated;
      resolve({ exit, signal, stdout: out.bytes(), stderr: err.bytes(), truncated });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, constants.signals.SIGKILL);
  } catch {
    // It has just ended by itself.
  }
}

/** A tool that must succeed: its output, or an error with its own words. */
export async function tool(argv: string[], stdin?: string): Promise<string> {
  const result = await exec({
    argv,
    giveUp: 10_000,
    ...(stdin !== undefined && { stdin: Buffer.from(stdin) }),
  });
  if (result.exit === 0) return Buffer.from(result.stdout).toString();
  const words = Buffer.from(result.stderr).toString().trim();
  throw new Error(`${argv.join(' ')}: ${words || `exit ${result.exit ?? result.signal}`}`);
}
