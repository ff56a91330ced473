/**
 * An engine brings hosts up and carries bytes. It knows nothing of steps, faults or captures: those are
 * the work of the agents, so they are the same on every engine.
 */
import type { Duplex } from 'node:stream';
import type { AgentCalls, Capabilities, Lacking, ProcessState } from '../agent/protocol.ts';
import type { Clocks } from '../clocks/clocks.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';

export const ENGINE_NAMES = ['docker', 'netns', 'compose', 'swarm'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Features that some engine can never have, on any machine. */
export const FEATURES = ['images', 'internet', 'signals', 'changes', 'disks', 'machines'] as const;
export type Feature = (typeof FEATURES)[number];

/** Why an engine of one machine never has the feature `machines`. */
export const ONE_MACHINE = 'one machine holds the whole lab';

export interface EngineReport {
  name: EngineName;
  /** Version or kind, for a person: `Docker 26.1.5`, `rootless, Linux 6.18`. */
  version?: string;
  /** The machines of an engine of several. Memory in bytes. */
  nodes?: { name: string; version: string; cores: number; memory: number }[];
  /** Machines that it leaves out, each with the reason: `c (drained)`. */
  leftOut?: string[];
  /** Why it cannot be used here, and the hint; absent where it answers. */
  lacking?: Lacking;
}

export interface UpOptions {
  /** Called with each thing that is done, one short line at a time. */
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
  /** Features that it can never have, and why. A call that needs one throws a LabError `unsupported`. */
  never: Readonly<Partial<Record<Feature, string>>>;
  /** Never throws: an engine that does not answer says why. `waiting` is called where the answer takes long. */
  probe(waiting?: (line: string) => void): Promise<EngineReport>;
  /** The parts of this plan that the engine can never do (not those that this machine lacks). Empty is good. */
  unsupported(plan: Plan): string[];
  /** Networks and agents. A failure on the way takes down what was made. */
  up(plan: Plan, options: UpOptions): Promise<LiveNetwork>;
  /**
   * Present on an engine of several machines: by host, the name of the machine that is to hold it. Hosts of the lab `before` stay
   * where they are, unless their `on` says otherwise. Throws LabError.
   */
  place?(plan: Plan, before?: Pick<Plan, 'hosts'>): Promise<ReadonlyMap<string, string>>;
  /** Present on an engine of several machines: their names. */
  machines?(): Promise<string[]>;
  /** Bytes of the largest packet on a network without `mtu`, where it is less than Ethernet's. */
  mtu?: number;
  /** Subnets that are in use on this machine; absent where a lab's networks are apart from the machine's. */
  taken?(): Promise<string[]>;
  /** Removes the remains of labs whose owners have ended, and of the labs with these ids. Returns the ids of all. */
  sweep(ids: string[]): Promise<string[]>;
}

/** Splits machines from each other, by their names. Calling the result joins them again. */
export type Split = (one: readonly string[], other: readonly string[]) => Promise<() => Promise<void>>;

/** Networks and agents that are up. Disposing removes every trace. */
export interface LiveNetwork extends AsyncDisposable {
  /** Identifies everything this lab made: label on Docker objects, name in process titles. */
  id: string;
  /** The byte stream of a host's new agent. It is asked for once, by the first code that needs the host. */
  stream(host: string): Duplex;
  /**
   * Present where the engine itself sets its hosts up as their plans say, so that their agents need not. It has the
   * capabilities of the hosts, and the call that tells a host of others that came or went.
   */
  settled?: {
    capabilities: Capabilities;
    renew(host: string, request: Parameters<AgentCalls['renew']>[0]): Promise<void>;
  };
  /** The clocks of its machines; absent where all hosts have the clock of this process. */
  clocks?: Clocks;
  /** Called when a host's own agent carries frames: from now on its thread has its turns ahead of others, where the kernel allows it. */
  carrying?(host: string): void;
  /**
   * Starts the host's program, after the agent has set the host up. `output` gets its lines as they come, many at once
   * where it floods.
   */
  start(host: PlannedHost, output: ProgramOutput): Promise<RunningProgram>;
  /** More networks and agents, among those that are up. A failure on the way takes down what it made. */
  add(part: Pick<Plan, 'networks' | 'hosts'>, options: UpOptions): Promise<void>;
  /**
   * Leads the cable of a host's card into another network of the lab; the host's agent does the rest (`readdress`). Absent where
   * the engine never can (`changes`).
   */
  move?(request: { host: string; card: string; network: string }): Promise<void>;
  /**
   * Present on an engine of several machines. From now on no frame of the lab passes between the machines of these two sides,
   * until the result is called. Throws LabError (`usage`) for a machine that the lab does not know.
   */
  split?: Split;
  /**
   * Present on an engine of several machines. Resolves when each has answered or is known to be gone: the streams of its hosts
   * have broken then, with a LabError `node`.
   */
  machinesAnswer?(): Promise<void>;
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
   * Signals its first process; a program that has ended is no error. The `program` of a LiveHost has a `signal` that
   * reaches all processes of the program.
   */
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /**
   * Present where the host's agent does not see the program's processes: only the engine reaches them. Then SIGSTOP
   * freezes all of them before it resolves.
   */
  byEngine?: true;
  /** Its processes, as the host's agent sees them; absent where the agent sees none (`byEngine`), and on an engine alone. */
  processes?(): Promise<ProcessState[]>;
  /**
   * All its processes together get this share of one processor, 1 for all of it; without a share, as much as there is. Or why
   * this machine cannot do that. Absent where nothing reaches the program (`signals`).
   */
  slow?: Lacking | ((share: number | undefined) => Promise<void>);
  /** Settles when the program has ended in any way. */
  ended: Promise<ProgramEnd>;
}
