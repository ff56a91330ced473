/** A host that is up: its plan, its agent's calls, what its program and its listeners have said. */
import type { AgentCalls, Capabilities } from './agent/protocol.ts';
import type { RunningProgram } from './engines/engine.ts';
import type { EventLog } from './events.ts';
import type { PlannedHost } from './scenario/planned.ts';

export interface LiveHost {
  name: string;
  plan: PlannedHost;
  agent: AgentCalls;
  capabilities: Capabilities;
  events: EventLog;
  program?: RunningProgram;
}
