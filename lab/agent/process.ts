/**
 * Programs that run while somebody looks: output is pulled, input is pushed, so neither side can fill the other's
 * memory. With a terminal the program gets a pty of its own, made by `script` of util-linux.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Closable, Handles } from './handles.ts';
import { notStarted } from './not-started.ts';
import type { AgentCalls, ProcessOutput, TerminalSize } from './protocol.ts';
import { spawn } from './spawn.ts';
import { tool } from './tool.ts';
import { Bell } from './waiting.ts';

/** Milliseconds that output may stay silent after the program's exit: something it started may hold it open for ever. */
const SILENCE = 500;

type StartRequest = Parameters<AgentCalls['processStart']>[0];

export function processCalls(
  handles: Handles,
): Pick<
  AgentCalls,
  'processStart' | 'processRead' | 'processWrite' | 'processEnd' | 'processSignal' | 'processResize'
> {
  const processOf = (handle: string) => handles.get(handle, Process, 'process');
  return {
    processStart: async (request) => ({ handle: handles.keep(await startProcess(request)) }),
    processRead: ({ handle, giveUp }) => processOf(handle).read(giveUp),
    processWrite: ({ handle, bytes, giveUp }) => processOf(handle).write(bytes, giveUp),
    processEnd: async ({ handle }) => processOf(handle).end(),
    processSignal: async ({ handle, signal }) => processOf(handle).signal(signal),
    processResize: ({ handle, size }) => processOf(handle).resize(size),
  };
}

/** Resolves when it runs; throws a NetworkFailure (`ENOENT`, `EACCES`) where it cannot. */
async function startProcess({ argv, env, terminal }: StartRequest): Promise<Process> {
  const start = performance.now();
  const [file = '', ...args] = terminal ? onTerminal(argv, terminal, env?.SHELL ?? process.env.SHELL) : argv;
  try {
    const child = spawn(file, args, {
      cwd: '/',
      // A group of its own, so that what it starts can be signalled and ended with it.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', terminal ? 'pipe' : 'ignore'],
      env: { ...process.env, ...env, ...(terminal && { SHELL: '/bin/sh' }) },
    });
    const running = new Process(child);
    await running.spawned;
    return running;
  } catch (error) {
    throw notStarted(error, start, env?.PATH);
  }
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * `script` runs a shell. The shell sets its terminal's size, says the terminal's name on descriptor 3, and becomes the
 * program.
 */
function onTerminal(argv: string[], { columns, rows }: TerminalSize, shell: string | undefined): string[] {
  const lines = [
    `stty sane rows ${Math.trunc(rows)} cols ${Math.trunc(columns)}`,
    'tty >&3',
    'exec 3>&-',
    shell === undefined ? 'unset SHELL' : `export SHELL=${quote(shell)}`,
    `exec ${argv.map(quote).join(' ')}`,
  ];
  return ['script', '-qfec', lines.join('; '), '/dev/null'];
}

class Process implements Closable {
  /** Rejects where the program could not be started. */
  readonly spawned: Promise<void>;
  readonly #child: ChildProcess;
  readonly #output: { stream: 'stdout' | 'stderr'; from: Readable }[];
  readonly #bell = new Bell();
  readonly #terminal: Promise<string>;
  #input: 'open' | 'closed' = 'open';
  #exit: { exit: number | null; signal: string | null } | undefined;
  #over = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.spawned = new Promise((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject);
    });
    this.#output = [
      { stream: 'stdout', from: child.stdout! },
      { stream: 'stderr', from: child.stderr! },
    ];
    for (const { from } of this.#output) from.on('readable', () => this.#bell.ring());
    child.stdin!.on('error', () => this.#closeInput()).on('close', () => this.#closeInput());
    child.stdin!.on('drain', () => this.#bell.ring());
    child.once('exit', (exit, signal) => this.#exited(exit, signal));
    child.once('close', () => this.#ended());
    this.#terminal = nameOf(child.stdio[3] as Readable | null);
  }

  async read(giveUp: number): Promise<ProcessOutput> {
    return (await this.#bell.until(() => this.#next(), giveUp)) ?? { waiting: true };
  }

  #next(): ProcessOutput | undefined {
    for (const { stream, from } of this.#output) {
      const bytes = from.read() as Buffer | null;
      if (!bytes) continue;
      if (this.#exit) this.#silence?.refresh();
      return { stream, bytes };
    }
    return this.#over ? this.#exit : undefined;
  }

  async write(bytes: Uint8Array, giveUp: number): Promise<'taken' | 'waiting' | 'closed'> {
    const input = this.#child.stdin as Writable;
    if (this.#input === 'open' && bytes.length > 0) input.write(bytes);
    const settled = () => {
      if (this.#input === 'closed') return 'closed';
      return input.writableNeedDrain ? undefined : 'taken';
    };
    return (await this.#bell.until(settled, giveUp)) ?? 'waiting';
  }

  end(): void {
    this.#child.stdin?.end();
  }

  signal(name: NodeJS.Signals): void {
    if (this.#child.pid === undefined || this.#over) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch {
      // It has just ended by itself.
    }
  }

  /** The kernel tells the program (SIGWINCH). */
  async resize({ columns, rows }: TerminalSize): Promise<void> {
    const name = await this.#terminal;
    if (name === '' || this.#exit) return;
    const size = ['rows', Math.trunc(rows), 'cols', Math.trunc(columns)].map(String);
    await tool(['stty', '-F', name, ...size]);
  }

  async close(): Promise<void> {
    this.signal('SIGKILL');
    clearTimeout(this.#silence);
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  #closeInput(): void {
    this.#input = 'closed';
    this.#bell.ring();
  }

  #exited(exit: number | null, signal: string | null): void {
    this.#exit = { exit, signal };
    this.#closeInput();
    this.#silence = setTimeout(() => this.#ended(), SILENCE);
  }

  #ended(): void {
    clearTimeout(this.#silence);
    this.#exit ??= { exit: null, signal: null };
    this.#over = true;
    this.#bell.ring();
  }
}

/** `/dev/pts/3`, as the program's own side of the pty said it; empty where there is none. */
function nameOf(stream: Readable | null): Promise<string> {
  if (!stream) return Promise.resolve('');
  return new Promise((resolve) => {
    let said = '';
    const done = () => resolve(said.trim());
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) done();
    });
    stream.once('close', done).on('error', done);
  });
}
