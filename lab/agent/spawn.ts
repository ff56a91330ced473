/** Starts a process of the host: an agent starts every process here. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn as plain } from 'node:child_process';
import { tooFewDescriptors } from './descriptors.ts';

type Fork = <T>(fork: () => T) => T;

let around: Fork = (fork) => fork();

/** For an agent that is itself outside its host's process namespace: `step` goes in for the time of the fork. */
export function forkWithin(step: Fork): void {
  around = step;
}

/** A program and its arguments. */
export type Argv = readonly [file: string, ...args: string[]];

/** The part of a tool's process that its callers use. The process has a group of its own. */
export interface ToolProcess
  extends Pick<ChildProcessWithoutNullStreams, 'pid' | 'stdin' | 'stdout' | 'stderr'> {
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'close', listener: (exit: number | null, signal: NodeJS.Signals | null) => void): unknown;
}

let begin = ([file, ...args]: Argv): ToolProcess =>
  whole(plain(file, args, { detached: true }), file) as ChildProcessWithoutNullStreams;

/** For an agent that has a cheaper way than `spawn` to start its tools. */
export function startToolsBy(start: typeof begin): void {
  begin = start;
}

/** Starts a tool in the environment of the agent. Throws an Error where it cannot be started, or emits it. */
export function spawnTool(argv: Argv): ToolProcess {
  return around(() => begin(argv));
}

/** As `spawn` of node:child_process, but it throws where there are too few file descriptors (EMFILE). */
export const spawn = ((...args: Parameters<typeof plain>) =>
  around(() => whole(plain(...args), args[0]))) as typeof plain;

/** Without a descriptor, Node leaves a process without its streams, whatever its type says. */
function whole(child: ChildProcess, file: string): ChildProcess {
  if (child.stdin !== undefined) return child;
  child.once('error', () => {});
  throw tooFewDescriptors(`spawn ${file}`);
}
