/**
 * An engine brings hosts up and carries bytes. It knows nothing of steps, faults or captures: those are
 * the work of the agents, so they are the same on every engine.
 */
import type { Duplex } from 'node:stream';
import type { Lacking } from '../agent/protocol.ts';
import type { Plan, PlannedHost } from '../scenario/planned.ts';

export const ENGINE_NAMES = ['docker', 'netns'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface EngineReport {
  name: EngineName;
  /** Version or kind, for a person: `Docker 26.1.5`, `rootless, Linux 6.18`. */
  version?: string;
  /** Why it cannot be used here, and the mend; absent where it answers. */
  lacking?: Lacking;
}

export interface UpOptions {
  /** Told what is being done, one short line at a time. */
  progress(line: string): void;
  /** Aborted by Ctrl-C: `up` then takes down what it made and throws. */
  signal: AbortSignal;
}

export interface Engine {
  name: EngineName;
  /** Never throws: an engine that does not answer says why. */
  probe(): Promise<EngineReport>;
  /** What of this plan the engine can never do (not: what this machine lacks). Empty is good. */
  unsupported(plan: Plan): string[];
  /** Networks and agents. A failure on the way takes down what was made. */
  up(plan: Plan, options: UpOptions): Promise<LiveNetwork>;
}

/** Networks and agents that are up. Disposing removes every trace. */
export interface LiveNetwork extends AsyncDisposable {
  /** Identifies everything this lab made: label on Docker objects, name in process titles. */
  id: string;
  /** The agent's byte stream; there from the start. */
  stream(host: string): Duplex;
  /** Starts the host's program, after the agent has set the host up. `output` gets its lines as they come. */
  start(host: PlannedHost, output: ProgramOutput): Promise<RunningProgram>;
}

export interface ProgramOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

export interface RunningProgram {
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Settles when the program has ended, however. */
  ended: Promise<{ exit: number | null; signal: string | null }>;
}
