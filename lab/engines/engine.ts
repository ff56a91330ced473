/**
 * An engine brings hosts up and carries bytes. It knows nothing of steps, faults or captures: those are
 * the work of the agents, so they are the same on every engine.
 */
import type { Duplex } from 'node:stream';
import type { AgentCalls, Capabilities, Lacking, ProcessState } from '../agent/protocol.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';

export const ENGINE_NAMES = ['docker', 'netns', 'compose'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What some engine can never do, whatever machine it is on. */
export const FEATURES = ['images', 'internet', 'signals', 'changes'] as const;
export type Feature = (typeof FEATURES)[number];

export interface EngineReport {
  name: EngineName;
  /** Version or kind, for a person: `Docker 26.1.5`, `rootless, Linux 6.18`. */
  version?: string;
  /** Why it cannot be used here, and the hint; absent where it answers. */
  lacking?: Lacking;
}

export interface UpOptions {
  /** Told what is being done, one short line at a time. */
  progress(line: string): void;
  /** Aborted by Ctrl-C: `up` then takes down what it made and throws. */
  signal: AbortSignal;
  /** The lab's id, where it was chosen before (lab-id.ts); otherwise the engine makes one. */
  id?: string;
  /** Where another lab has a subnet: `refuse` (default) throws SubnetTaken, `wait` waits until it is free. */
  onConflict?: OnConflict;
}

export const ON_CONFLICT = ['refuse', 'wait'] as const;
export type OnConflict = (typeof ON_CONFLICT)[number];

export interface Engine {
  name: EngineName;
  /** What it can never do, and why. Asked for all the same it throws a LabError `unsupported`. */
  never: Readonly<Partial<Record<Feature, string>>>;
  /** Never throws: an engine that does not answer says why. `waiting` is told where that takes its time. */
  probe(waiting?: (line: string) => void): Promise<EngineReport>;
  /** What of this plan the engine can never do (not: what this machine lacks). Empty is good. */
  unsupported(plan: Plan): string[];
  /** Networks and agents. A failure on the way takes down what was made. */
  up(plan: Plan, options: UpOptions): Promise<LiveNetwork>;
  /** Subnets that somebody on this machine has already; absent where a lab's networks are nobody else's. */
  taken?(): Promise<string[]>;
  /** Removes what labs left whose owners have ended, and what is left of the labs with these ids; the ids of all. */
  sweep(ids: string[]): Promise<string[]>;
}

/** Networks and agents that are up. Disposing removes every trace. */
export interface LiveNetwork extends AsyncDisposable {
  /** Identifies everything this lab made: label on Docker objects, name in process titles. */
  id: string;
  /** A new agent's byte stream, once a host: whoever needs the host first asks for it. */
  stream(host: string): Duplex;
  /**
   * Present where the engine itself has made its hosts what their plans say, so that their agents are not asked to:
   * what can be done there, and how a host is told of others that came or went.
   */
  settled?: {
    capabilities: Capabilities;
    renew(host: string, request: Parameters<AgentCalls['renew']>[0]): Promise<void>;
  };
  /** Starts the host's program, after the agent has set the host up. `output` gets its lines as they come, many at once where it floods. */
  start(host: PlannedHost, output: ProgramOutput): Promise<RunningProgram>;
  /** More networks and agents, among those that are up. A failure on the way takes down what it made. */
  add(part: Pick<Plan, 'networks' | 'hosts'>, options: UpOptions): Promise<void>;
  /** Hosts with their programs, then networks that have no host left. The others are not touched. */
  remove(part: { hosts: string[]; networks: string[] }): Promise<void>;
}

/** One or more whole lines, with a newline between two. */
export interface ProgramOutput {
  stdout(lines: string): void;
  stderr(lines: string): void;
}

export interface ProgramEnd {
  /** null where a signal ended it. */
  exit: number | null;
  signal: string | null;
}

export interface RunningProgram {
  /**
   * To its first process; one that has ended needs no more signals. A host that is up has one that reaches all that the
   * program is, whatever it has started.
   */
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /**
   * Present where the host's agent does not see the program's processes: only the engine reaches them. SIGSTOP then
   * freezes all of them, and has when it resolves.
   */
  byEngine?: true;
  /** What runs of it, as the host's agent sees it; absent where that sees nothing (`byEngine`), and on an engine alone. */
  processes?(): Promise<ProcessState[]>;
  /** Settles when the program has ended, however. */
  ended: Promise<ProgramEnd>;
}
