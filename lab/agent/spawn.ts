/** Starts a process of the host: every process that an agent starts is started here. */
import { type ChildProcess, spawn as plain } from 'node:child_process';
import { tooFewDescriptors } from './descriptors.ts';

type Fork = <T>(fork: () => T) => T;

let around: Fork = (fork) => fork();

/** For an agent that is itself outside its host's process namespace: `step` goes in for the time of the fork. */
export function forkWithin(step: Fork): void {
  around = step;
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
