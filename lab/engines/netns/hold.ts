/**
 * Starts the first process of a lab, in namespaces of its own. It waits at the end of a pipe from us and is process 1 of
 * the lab's process namespace. When we end in any way, it ends, and with it everything inside.
 */
import type { ChildProcess } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { BirpcReturn } from 'birpc';
import { openChannel } from '../../agent/channel.ts';
import { spawn } from '../../agent/spawn.ts';
import { LabError } from '../../errors.ts';
import type { CommandCalls, InitCalls } from '../../init/calls.ts';
import { Multiplexer } from '../../init/multiplex.ts';
import { bundled } from '../bundles/bundled.ts';
import type { Mode } from './modes.ts';
import { noTool } from './no-tool.ts';
import { openUp } from './open-up.ts';
import { environment } from './paths.ts';
import { ownUserNamespace } from './user-namespace.ts';

const NAMESPACES = [
  'unshare',
  '--net',
  '--mount',
  '--uts',
  '--ipc',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--',
];
/** Characters of its complaints that are kept. */
const WORDS = 4_000;

export interface Holder extends AsyncDisposable {
  mode: Mode;
  init: BirpcReturn<InitCalls, CommandCalls>;
  channels: Multiplexer;
  /** Whether we may end without waiting for it. */
  idle(is: boolean): void;
  /** The process that we started, outside. */
  child: ChildProcess;
}

/** All of these are sockets, though their types do not say so. */
type Waited = Pick<ChildProcess, 'ref' | 'unref'>;
type Child = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };

/** A thread that carries frames must not wait for garbage collectors beside it: they get no core on a busy machine. */
const GARBAGE = '--single-threaded-gc';

/** Its messages go to `told`. `keep` are files and folders that its users must be able to read. */
export async function hold(mode: Mode, keep: readonly string[], told: CommandCalls): Promise<Holder> {
  const first = [...NAMESPACES, process.execPath, GARBAGE, await bundled('init')];
  if (mode.ids !== 'own') return attach(mode, start(inMode(mode, first)), told);
  const { enter, letGo } = await ownUserNamespace();
  const child = start(openUp(keep, [...enter, ...first]));
  child.stdout.once('data', letGo);
  child.once('close', letGo).once('error', letGo);
  return attach(mode, child, told);
}

function inMode({ ids }: Mode, [unshare = '', ...rest]: readonly string[]): string[] {
  if (ids === 'none') return [unshare, ...rest];
  return [unshare, '--user', '--map-root-user', ...(ids === 'subordinate' ? ['--map-auto'] : []), ...rest];
}

function start([file = '', ...args]: readonly string[]): Child {
  return spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
    cwd: '/',
    // Not in the terminal's foreground group: Ctrl-C is for us, and we take down in order.
    detached: true,
  }) as Child;
}

function attach(mode: Mode, child: Child, told: CommandCalls): Holder {
  let words = '';
  let trouble: string | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk).slice(-WORDS);
  });
  child.stdin.on('error', () => {});
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => {});
  const channels = new Multiplexer(stream, 'by end()');
  const lost = () => new LabError('engine', trouble ?? (words.trim() || "the lab's first process has ended"));
  const init = openChannel<InitCalls, CommandCalls>(channels.channel(0), told, lost);
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      trouble = noTool(error, environment().PATH) ?? error.message;
      resolve();
    });
    child.once('close', (_, signal) => {
      if (signal !== null) trouble = `the lab's first process was killed (${signal})`;
      resolve();
    });
  });
  void gone.then(() => channels.end(lost()));
  return {
    mode,
    init,
    channels,
    child,
    idle: (is) => {
      for (const one of [child, child.stdin, child.stdout, child.stderr] as unknown as Waited[])
        one[is ? 'unref' : 'ref']();
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await gone;
    },
  };
}
