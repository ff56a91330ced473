/** The command's calls to the lab's first process, and the calls of that process to the command. */
import type { Capabilities, HostSetup, RouteSetup } from '../agent/protocol.ts';
import type { Machine } from './ground.ts';

/** A host that must come up, without the parts that only another engine needs. */
export interface HostOrder {
  setup: Omit<HostSetup, 'hostsFile'>;
  /** The index of its hosts file in `hostsFiles` of its part. */
  hostsFile: number;
  interfaces: { network: string }[];
  files: { path: string; bytes: Uint8Array; mode: number }[];
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
  /** A number that the command has chosen. All messages about this run carry it. */
  run: number;
}

export interface InitCalls {
  /** The first call. Returns the capabilities in this lab, the same at every host. Throws where there is no lab. */
  begin(machine: Machine): Promise<Capabilities>;
  /** After a failure the caller takes down all of the part (`remove`). */
  add(part: Part): Promise<void>;
  /** A network or host that is gone already is no error. */
  remove(part: { hosts: string[]; networks: string[] }): Promise<void>;
  /** Routes and hosts file of a host from now on. */
  renew(request: { host: string; hostsFile: string; routes: RouteSetup[] }): Promise<void>;
  /** Leads the cable of a host's card into another network. */
  move(request: { host: string; card: string; network: string }): Promise<void>;
  /** From now on the channel of that number belongs to the host's agent. */
  agent(request: { host: string; channel: number }): Promise<void>;
  /** Resolves when it runs; rejects where it cannot be started at all. */
  start(order: ProgramOrder): Promise<void>;
  /** Signals the program and all that it started. A program that has ended is no error. */
  signal(request: { run: number; name: NodeJS.Signals }): Promise<void>;
  /** The processes of the host's program, by their numbers in the lab. */
  processes(request: { host: string }): Promise<number[]>;
}

export interface CommandCalls {
  output(run: number, stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  ended(run: number, exit: number | null, signal: string | null): void;
  /** An agent has ended by itself: its last words, and whether it lacked file descriptors. */
  agentEnded(channel: number, words: string, few: boolean): void;
  /** There is a thread now that carries the frames of open cables. */
  carrying(): void;
}
