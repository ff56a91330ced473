/** What the command asks of the lab's first process, and what that tells unasked. */
import type { Capabilities, HostSetup, RouteSetup } from '../agent/protocol.ts';
import type { Machine } from './ground.ts';

/** A host that is to come up, without what only another engine needs. */
export interface HostOrder {
  setup: Omit<HostSetup, 'hostsFile'>;
  /** Which of the hosts files that came with it. */
  hostsFile: number;
  interfaces: { network: string }[];
  files: { path: string; bytes: Uint8Array }[];
}

export interface Part {
  networks: { name: string }[];
  hosts: HostOrder[];
  /** Each text once: hosts of one network mostly have the same. */
  hostsFiles: string[];
}

export interface ProgramOrder {
  host: string;
  argv: string[];
  env: Record<string, string>;
  /** A number of the command's own, for what is told of this run. */
  run: number;
}

export interface InitCalls {
  /** The first call. What can be done in this lab, the same at every host of it. Throws where there is no lab. */
  begin(machine: Machine): Promise<Capabilities>;
  /** What fails on the way is taken down by the caller (`remove`). */
  add(part: Part): Promise<void>;
  /** What is not there any more is no error. */
  remove(part: { hosts: string[]; networks: string[] }): Promise<void>;
  /** Routes and hosts file of a host from now on. */
  renew(request: { host: string; hostsFile: string; routes: RouteSetup[] }): Promise<void>;
  /** From now on the channel of that number is the host's agent's. */
  agent(request: { host: string; channel: number }): Promise<void>;
  /** Resolves when it runs; rejects where it cannot be started at all. */
  start(order: ProgramOrder): Promise<void>;
  /** To the program and what it started. One that has ended needs no more signals. */
  signal(request: { run: number; name: NodeJS.Signals }): Promise<void>;
}

export interface CommandCalls {
  output(run: number, stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  ended(run: number, exit: number | null, signal: string | null): void;
  /** An agent that ended by itself, its last words, and whether it was for want of file descriptors. */
  agentEnded(channel: number, words: string, few: boolean): void;
  /** There is a thread now that carries the frames of open cables. */
  carrying(): void;
}
