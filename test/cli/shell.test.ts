/** `lanlab shell` in a real terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './command.ts';
import { onEachEngine, type Staying, staying } from './staying.ts';

const PATIENCE = 20_000;

/** A person's terminal of 90 columns and 25 rows, in which a shell of the machine runs. */
class Terminal {
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

const LANLAB = join(ROOT, 'bin/lanlab');

await onEachEngine('a shell', 141, (engine, net) => {
  let here: Staying;

  beforeAll(async () => {
    here = await staying();
    const file = await here.scenario(
      'shell',
      `{ lab: shell, networks: { net: 10.${net}.11.0/24 }, hosts: { alice: { networks: [net] } } }`,
    );
    await here.said('up', file, '--engine', engine);
  });
  afterAll(() => here[Symbol.asyncDispose]());

  test('is at its host, with a terminal of our size; Ctrl-C is for what runs there; ours is put back', async () => {
    const terminal = new Terminal(here.state);
    try {
      terminal.type(`${LANLAB} shell alice\n`);
      await terminal.shows(/alice.*[#$] $/);
      terminal.type('echo at $(hostname) $(stty size)\n');
      await terminal.shows(/at alice 25 90\r+\n/);
      // What says so is what sleeps: between two commands Ctrl-C would be for neither.
      terminal.type(`trap "echo caught" INT; sh -c 'echo slee""ping; exec sleep 1000'\n`);
      await terminal.shows(/sleeping/);
      terminal.type('\x03');
      await terminal.shows(/[#$] $/);
      terminal.type('exit 5\n');
      await terminal.shows(/local> $/);
      terminal.type('echo exit $?; stty -a | grep -c -- " icanon.* echo "\n');
      await terminal.shows(/exit 5\r+\n1\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
    }
  }, 60_000);

  test('is over when its lab is taken down, and our terminal is put back', async () => {
    const other = await staying();
    const file = await other.scenario(
      'going',
      `{ lab: going, networks: { net: 10.${net}.12.0/24 }, hosts: { alice: { networks: [net] } } }`,
    );
    await other.said('up', file, '--engine', engine);
    const terminal = new Terminal(other.state);
    try {
      terminal.type(`${LANLAB} shell alice\n`);
      await terminal.shows(/alice.*[#$] $/);
      await other.said('down');
      await terminal.shows(/local> $/);
      terminal.type('stty -a | grep -c -- " icanon.* echo "\n');
      await terminal.shows(/\n1\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
      await other[Symbol.asyncDispose]();
    }
  }, 60_000);

  test('runs another program, if asked to', async () => {
    const terminal = new Terminal(here.state);
    try {
      terminal.type(`${LANLAB} shell alice -- sh -c 'tty; exit 9'; echo exit $?\n`);
      await terminal.shows(/\/dev\/pts\/\d+\r+\nexit 9\r+\n/);
    } finally {
      terminal.close();
      await terminal.ended;
    }
  }, 60_000);

  test('without a terminal says what to use instead', async () => {
    const { exit, stderr } = await here.lanlab('shell', 'alice');
    expect([exit, stderr]).toEqual([
      2,
      'lanlab: a shell needs a terminal, and this is none\n  hint: lanlab exec alice -- COMMAND\n',
    ]);
  });
});
