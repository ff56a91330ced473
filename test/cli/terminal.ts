/** A person's terminal: what is typed, what it shows, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { ROOT } from './command.ts';

/** Milliseconds in which it shows what it is to show. */
const PATIENCE = 20_000;

/** A person's terminal of 90 columns and 25 rows, in which a shell of the machine runs. */
export class Terminal {
  readonly #child: ChildProcess;
  #screen = '';
  readonly ended: Promise<void>;
  readonly #looks = new Set<() => void>();

  constructor(state: string) {
    const begin = 'stty rows 25 cols 90; PS1="local> " exec sh';
    this.#child = spawn('script', ['-qfec', begin, '/dev/null'], {
      cwd: ROOT,
      env: { ...process.env, LANLAB_STATE: state, TERM: 'xterm', SHELL: '/bin/sh' },
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.#screen += chunk;
      for (const look of this.#looks) look();
    });
    this.ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  type(text: string): void {
    this.#screen = '';
    this.#child.stdin?.write(text);
  }

  /** Resolves when what came since something was typed holds this. */
  async shows(text: RegExp): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const look = () => text.test(this.#screen) && seen.resolve();
    const fail = (why: string) => seen.reject(new Error(`${why} without ${text}:\n${this.#screen}`));
    const timer = setTimeout(fail, PATIENCE, `${PATIENCE / 1000} s`);
    void this.ended.then(() => fail('the terminal has ended'));
    this.#looks.add(look);
    look();
    await seen.promise.finally(() => {
      clearTimeout(timer);
      this.#looks.delete(look);
    });
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill('SIGKILL');
  }
}
