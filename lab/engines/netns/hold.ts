/**
 * Starts the first process of a lab, in namespaces of its own. It waits at the end of a pipe from us and is process 1 of
 * the lab's process namespace: when we end, however, it ends, and with it everything inside.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { BirpcReturn } from 'birpc';
import { openChannel } from '../../agent/channel.ts';
import { LabError } from '../../errors.ts';
import type { CommandCalls, InitCalls } from './init/calls.ts';
import { Multiplexer } from './multiplex.ts';
import { environment, initPath } from './paths.ts';

/** How the lab's namespaces are owned; the first that works is taken. */
export interface Mode {
  name: string;
  /** Arguments for unshare: none for real root, who needs no user namespace. */
  unshare: string[];
}

const ROOT: Mode = { name: 'as root', unshare: [] };
const MANY_IDS: Mode = {
  name: 'rootless, subordinate ids',
  unshare: ['--user', '--map-root-user', '--map-auto'],
};
const ONE_ID: Mode = { name: 'rootless', unshare: ['--user', '--map-root-user'] };

export function modes(): Mode[] {
  return process.getuid?.() === 0 ? [ROOT, ONE_ID] : [MANY_IDS, ONE_ID];
}

const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Characters kept of what it complains of. */
const WORDS = 4_000;

export interface Holder extends AsyncDisposable {
  mode: Mode;
  init: BirpcReturn<InitCalls, CommandCalls>;
  channels: Multiplexer;
  /** Its own process, outside. */
  child: ChildProcess;
}

/** What it says is told to `told`, whoever that is by then. */
export function hold(mode: Mode, told: CommandCalls): Holder {
  const child = spawn('unshare', [...mode.unshare, ...NAMESPACES, '--', process.execPath, initPath], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
    cwd: '/',
    // Not in the terminal's foreground group: Ctrl-C is for us, and we take down in order.
    detached: true,
  }) as ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk).slice(-WORDS);
  });
  child.stdin.on('error', () => {});
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => {});
  const channels = new Multiplexer(stream);
  let trouble: Error | undefined;
  const lost = () =>
    new LabError(
      'engine',
      `the lab's first process has ended: ${trouble?.message ?? (words.trim() || 'without a word')}`,
    );
  const init = openChannel<InitCalls, CommandCalls>(channels.channel(0), told, lost);
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      trouble = error.code === 'ENOENT' ? new Error(`there is no \`${error.path}\` here`) : error;
    });
    child.once('close', () => resolve()).once('error', () => resolve());
  });
  void gone.then(() => channels.end(words.trim() === '' ? undefined : lost()));
  return {
    mode,
    init,
    channels,
    child,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await gone;
    },
  };
}
