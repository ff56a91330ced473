/** Starts a process of the host: every process that an agent starts is started here. */
import { spawn as plain } from 'node:child_process';

type Fork = <T>(fork: () => T) => T;

let around: Fork = (fork) => fork();

/** For an agent that is itself outside its host's process namespace: `step` goes in for the time of the fork. */
export function forkWithin(step: Fork): void {
  around = step;
}

/** As that of node:child_process. */
export const spawn = ((...args: Parameters<typeof plain>) => around(() => plain(...args))) as typeof plain;
