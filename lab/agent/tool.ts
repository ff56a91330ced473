/** Runs a program of the host: the network tools, and what a scenario asks for. */

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:os';
import { failure, timedOut } from './failures.ts';
import { notStarted } from './not-started.ts';
import { patient } from './patience.ts';
import { type AgentCalls, type ExecResult, NetworkFailure, Overloaded } from './protocol.ts';
import { type Argv, spawn, spawnTool, type ToolProcess } from './spawn.ts';

/** Bytes that are kept of a stream; further output is dropped. */
const KEPT = 1024 * 1024;

class Output {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  /** All bytes, with those that were dropped. */
  said = 0;

  get truncated(): boolean {
    return this.said > this.#size;
  }

  take(chunk: Buffer): void {
    this.said += chunk.length;
    const kept = chunk.subarray(0, KEPT - this.#size);
    // An empty part would still hold the memory of its chunk.
    if (kept.length > 0) this.#chunks.push(kept);
    this.#size += kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

type ExecRequest = Parameters<AgentCalls['exec']>[0];

/**
 * Runs the program in a process group of its own, so that what it started ends with it. This is when `giveUp` has passed, or
 * when `ending` says that the agent ends.
 */
export async function exec(request: ExecRequest, ending?: AbortSignal): Promise<ExecResult> {
  const start = performance.now();
  return await outcomeOf(run(request, start), request, start, ending);
}

async function outcomeOf(
  child: ToolProcess,
  request: ExecRequest,
  start: number,
  ending?: AbortSignal,
): Promise<ExecResult> {
  const [out, err] = [new Output(), new Output()];
  child.stdout.on('data', (chunk: Buffer) => out.take(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.take(chunk));
  child.stdin.on('error', () => {}); // The program need not read its input.
  child.stdin.end(request.stdin ?? '');
  const kill = () => killGroup(child.pid);
  ending?.addEventListener('abort', kill);
  if (ending?.aborted) kill();
  const ended = Promise.withResolvers<ExecResult>();
  const timer = setTimeout(() => {
    ended.reject(overdue(request.argv, start, err.bytes()));
    kill();
  }, request.giveUp);
  child.once('error', (error) => ended.reject(notStarted(error, start, request.env?.PATH)));
  child.once('close', (exit, signal) => {
    const truncated = out.truncated || err.truncated;
    const said = { stdout: out.said, stderr: err.said };
    ended.resolve({ exit, signal, stdout: out.bytes(), stderr: err.bytes(), truncated, said });
  });
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    ending?.removeEventListener('abort', kill);
  }
}

function overdue([file]: string[], start: number, stderr: Buffer): NetworkFailure {
  const { data } = timedOut(`exec ${file}`, start);
  return new NetworkFailure({ ...data, ...(stderr.length > 0 && { stderr: stderr.toString() }) });
}

/** Throws a NetworkFailure for a program that cannot even be tried, for example because its arguments are too long. */
function run({ argv, env }: ExecRequest, start: number): ChildProcessWithoutNullStreams {
  const [file = '', ...args] = argv;
  try {
    return spawn(file, args, { detached: true, env: { ...process.env, ...env } });
  } catch (error) {
    throw failure(error, 'exec', start);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, constants.signals.SIGKILL);
  } catch {
    // It has just ended by itself.
  }
}

/** As `exec`, in the quickest way that this agent has, and with the agent's own environment. */
async function execTool(argv: Argv, request: Omit<ExecRequest, 'argv' | 'env'>): Promise<ExecResult> {
  const start = performance.now();
  let child: ToolProcess;
  try {
    child = spawnTool(argv);
  } catch (error) {
    throw notStarted(error, start);
  }
  return await outcomeOf(child, { ...request, argv: [...argv] }, start);
}

/** Milliseconds in which a tool has to do its work, and those added for each line of its input. */
const TOOL_ENDS_WITHIN = 60_000;
const LONGER_A_LINE = 50;

/** A tool that must succeed: its whole output, or an error with its own words. Throws Overloaded where it takes too long. */
export async function tool(argv: Argv, stdin = ''): Promise<string> {
  const giveUp = patient(TOOL_ENDS_WITHIN + LONGER_A_LINE * stdin.split('\n').length);
  const result = await execTool(argv, { giveUp, stdin: Buffer.from(stdin) }).catch((error: unknown) => {
    if (!(error instanceof NetworkFailure) || error.kind !== 'timeout') throw error;
    throw new Overloaded(`\`${argv.join(' ')}\` has not answered for ${Math.round(giveUp / 1000)} s`);
  });
  if (result.exit === 0 && !result.truncated) return Buffer.from(result.stdout).toString();
  const words = Buffer.from(result.stderr).toString().trim();
  const ended = result.truncated ? `more than ${KEPT} bytes` : `exit ${result.exit ?? result.signal}`;
  throw new Error(`${argv.join(' ')}: ${words || ended}`);
}
