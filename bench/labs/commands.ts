/** Commands that the bench runs and times: each in a process group of its own, bounded, and ended with the bench. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Ran {
  /** From the start to the last byte of output. */
  seconds: number;
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** Seconds after which it has failed. */
  limit: number;
  env?: Record<string, string>;
  cwd?: string;
  /** Written to its standard input. */
  input?: string;
  /** It tidies up: it runs although the bench is being ended. */
  always?: boolean;
  /** How it is asked to end; SIGKILL for what would tidy up in other people's processes. */
  ending?: NodeJS.Signals;
}

/** Milliseconds that a command has to end after it was asked to. */
const GRACE = 60_000;

export class Commands {
  readonly signal: AbortSignal;
  readonly #env: Record<string, string | undefined>;

  constructor(signal: AbortSignal, env: Record<string, string | undefined>) {
    this.signal = signal;
    this.#env = env;
  }

  /** Resolves with whatever it ended with. Throws where it cannot be started, is not done in time, or is aborted. */
  async run(argv: readonly string[], options: CommandOptions): Promise<Ran> {
    if (!options.always) this.signal.throwIfAborted();
    const started = performance.now();
    const command = this.start(argv, options);
    const late = new AbortController();
    const limit = delay(options.limit * 1_000, 'late' as const, { signal: late.signal }).catch(
      () => undefined,
    );
    const abort = options.always ? new Promise<never>(() => {}) : aborted(this.signal, late.signal);
    const first = await Promise.race([command.ended, limit, abort]).finally(() => late.abort());
    if (typeof first === 'object') return { seconds: (performance.now() - started) / 1_000, ...first };
    await command.end();
    this.signal.throwIfAborted();
    throw new Error(`${argv.slice(0, 4).join(' ')} was not done within ${options.limit} s`);
  }

  /** Runs on beside the bench, until `end`. */
  start(argv: readonly string[], { env, cwd, input, ending = 'SIGINT' }: Omit<CommandOptions, 'limit'>) {
    // A group of its own: Ctrl-C is for the bench, which ends its commands in order.
    const child = spawn(argv[0]!, argv.slice(1), {
      detached: true,
      cwd,
      env: { ...this.#env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {}).end(input);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    const ended = new Promise<Omit<Ran, 'seconds'>>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve({ code, ...said }));
    });
    ended.catch(() => {});
    const kill = (signal: NodeJS.Signals) => killGroup(child.pid, signal);
    return {
      ended,
      async end(): Promise<Omit<Ran, 'seconds'>> {
        kill(ending);
        const done = new AbortController();
        void delay(GRACE, undefined, { signal: done.signal }).then(
          () => kill('SIGKILL'),
          () => {},
        );
        return ended.finally(() => done.abort());
      },
    };
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

async function aborted(signal: AbortSignal, done: AbortSignal): Promise<'aborted' | undefined> {
  const { promise, resolve } = Promise.withResolvers<'aborted' | undefined>();
  signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: done });
  done.addEventListener('abort', () => resolve(undefined), { once: true });
  return promise;
}

/** Its last lines, for a reason in one line. */
export function lastWords({ code, stdout, stderr }: Omit<Ran, 'seconds'>): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '').slice(-3);
  return [`exit code ${code}`, ...said].join(' | ').slice(0, 400);
}
