/**
 * Connects this command's own input and output with a process on a host, until the process ends. The bytes go through as
 * they are, as with ssh: a user who runs a program on a host wants its effect on the terminal.
 */
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { type AgentCalls, type Handle, NetworkFailure, type TerminalSize } from '../agent/protocol.ts';
import { visible } from '../visible.ts';

/** Milliseconds of one look for output or room: far below the channel's own limit. */
const LOOK = 60_000;
/** Looks that are on their way: each brings 64 KiB at most. */
const LOOKS = 4;

export interface Attended {
  argv: string[];
  env?: Record<string, string>;
  terminal?: TerminalSize;
}

export interface Own {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

export type Signalled = Parameters<AgentCalls['processSignal']>[0]['signal'];

/** The actions on the process while the caller waits for its end. */
export interface Control {
  signal(name: Signalled): void;
  resize(size: TerminalSize): void;
}

/** A shell's exit codes for a program that is not there, or may not be executed. */
const CANNOT: Record<string, number> = { ENOENT: 127, EACCES: 126 };

/**
 * Returns the exit code, as a shell gives it: 128 + n for signal n. `control` is called once the process runs. If the
 * process cannot be started, standard error says why.
 */
export async function attend(
  agent: AgentCalls,
  host: string,
  process: Attended,
  own: Own,
  control: (control: Control) => void,
): Promise<number> {
  let handle: Handle;
  try {
    ({ handle } = await agent.processStart(process));
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error;
    own.stderr.write(`lanlab: ${visible(whyNot(error, host, process))}\n`);
    return CANNOT[error.data.errno] ?? 126;
  }
  const quietly = (work: Promise<unknown>) => void work.catch(() => {}); // It has just ended.
  control({
    signal: (signal) => quietly(agent.processSignal({ handle, signal })),
    resize: (size) => quietly(agent.processResize({ handle, size })),
  });
  quietly(giveInput(agent, handle, own.stdin));
  try {
    return await takeOutput(agent, handle, own);
  } finally {
    own.stdin.destroy();
    await agent.close({ handle }).catch(() => {});
  }
}

function whyNot({ data }: NetworkFailure, host: string, { argv, terminal }: Attended): string {
  if (data.errno === 'ENOENT' && terminal)
    return `no \`script\` on ${host}, which makes the terminal (Debian: apt-get install bsdutils)`;
  if (data.errno === 'ENOENT') return `no command \`${argv[0]}\` on ${host}`;
  if (data.errno === 'EACCES') return `\`${argv[0]}\` on ${host} may not be executed`;
  return `\`${argv[0]}\` on ${host} cannot be started: ${data.message}`;
}

async function giveInput(agent: AgentCalls, handle: Handle, stdin: Readable): Promise<void> {
  for await (const bytes of stdin as AsyncIterable<Buffer>) {
    let state = await agent.processWrite({ handle, bytes, giveUp: LOOK });
    while (state === 'waiting')
      state = await agent.processWrite({ handle, bytes: new Uint8Array(), giveUp: LOOK });
    if (state === 'closed') return;
  }
  await agent.processEnd({ handle });
}

/** Several looks are on their way at once and are answered in order, so that a flood does not wait a round trip for each. */
async function takeOutput(agent: AgentCalls, handle: Handle, own: Own): Promise<number> {
  const look = () => {
    const read = agent.processRead({ handle, giveUp: LOOK });
    read.catch(() => {}); // The error is thrown where the look is awaited. Looks beyond the program's end are not awaited.
    return read;
  };
  const looks = Array.from({ length: LOOKS }, look);
  for (;;) {
    const output = await looks.shift()!;
    if (!('exit' in output)) looks.push(look());
    if ('waiting' in output) continue;
    if ('exit' in output) return exitCode(output);
    const to = output.stream === 'stdout' ? own.stdout : own.stderr;
    if (!(await written(to, output.bytes))) return 128 + constants.signals.SIGPIPE;
  }
}

function exitCode({ exit, signal }: { exit: number | null; signal: string | null }): number {
  if (exit !== null) return exit;
  return 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
}

/** False where nobody reads it any more. */
async function written(to: Writable, bytes: Uint8Array): Promise<boolean> {
  if (to.destroyed || to.errored) return false;
  if (to.write(bytes)) return true;
  try {
    await once(to, 'drain');
    return true;
  } catch {
    return false;
  }
}
