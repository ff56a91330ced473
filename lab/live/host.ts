/** A host that is up: its plan, its agent's calls, what its program and its listeners have said. */
import type { AgentCalls, Capabilities, HostEvent } from '../agent/protocol.ts';
import type { ProgramEnd, RunningProgram } from '../engines/engine.ts';
import type { PlannedHost } from '../model/planned.ts';
import type { EventLog } from './events.ts';

export interface LiveHost {
  name: string;
  plan: PlannedHost;
  /** StartedAgent when it is first called. */
  agent: AgentCalls;
  capabilities: Capabilities;
  /** What the host's own side saw. */
  events: EventLog;
  /** Lines of the program that are no events: the last ones, both streams. */
  words: string[];
  /** The program's last run, over or not; undefined before the first. */
  program?: RunningProgram;
  /** How that run ended; undefined while it goes on. */
  ended?: ProgramEnd;
  /** The program was sent SIGSTOP, and no SIGCONT since. */
  paused?: boolean;
  /** Starts its agent while nobody waits for it; absent where the agent runs. */
  wake?(): void;
  /** When others came or went. A host that nobody has asked anything learns it when its agent is started. */
  renew(request: Parameters<AgentCalls['renew']>[0]): Promise<void>;
  /** Starts the program (again); resolves when it is ready. Throws LabError (`program`). */
  start(): Promise<void>;
}

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
