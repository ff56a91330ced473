/** A host that is up: its plan, its agent's calls, the events of its program and its listeners. */
import type { AgentCalls, Capabilities, HostEvent } from '../agent/protocol.ts';
import type { HostClock } from '../clocks/clocks.ts';
import type { ProgramEnd, RunningProgram } from '../engines/engine.ts';
import type { PlannedHost, PlannedInterface } from '../model/planned.ts';
import type { Move } from '../plan/move.ts';
import type { EventLog } from './events.ts';
import type { Journal } from './journal.ts';

export interface LiveHost {
  name: string;
  plan: PlannedHost;
  /** Started at its first call. */
  agent: AgentCalls;
  capabilities: Capabilities;
  /** The events of the host's program and listeners. */
  events: EventLog;
  /** Puts the times of its machine on our clock; absent where its machine has ours. */
  clock?: HostClock;
  /** The lines and events of all hosts of the lab, in the order in which they came. */
  journal: Journal;
  /** The last lines of the program that are not events, of both streams. */
  words: string[];
  /** The program's last run, over or not; undefined before the first. */
  program?: RunningProgram;
  /** How that run ended; undefined while it goes on. */
  ended?: ProgramEnd;
  /** The program was sent SIGSTOP, and no SIGCONT since. */
  paused?: boolean;
  /** Starts its agent while nobody waits for it; absent where the agent runs. */
  wake?(): void;
  /** Called after hosts have come or gone. A host whose agent is not started yet learns of them when it starts. */
  renew(request: Parameters<AgentCalls['renew']>[0]): Promise<void>;
  /** Starts the program (again); resolves when it is ready. Throws LabError (`program`). */
  start(): Promise<void>;
}

/** A card before and after its host has gone to another network. */
export interface Moved {
  before: PlannedInterface;
  now: PlannedInterface;
}

/** Leads a host of the lab into another network (lab/live/move.ts). */
export type MoveHost = (move: Move) => Promise<Moved>;

/** The event that a line of a program's output holds; undefined for any other line. */
export function parseEvent(line: string): HostEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Partial<HostEvent>;
    return typeof value.event === 'string' ? ({ time: '', ...value } as HostEvent) : undefined;
  } catch {
    return undefined;
  }
}
