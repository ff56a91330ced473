/**
 * The calls between a lab's owner and the commands. The command that starts an owner holds the owner's standard input and
 * output until the lab is up. Every later command comes through the socket in the state folder.
 */
import type {
  AgentCalls,
  InterfaceState,
  NeighbourState,
  RouteState,
  SocketState,
} from '../agent/protocol.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Choice } from '../engines/index.ts';
import type { Extract } from '../live/journal.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import type { BeginningStep, StepResult } from '../outcomes/step-result.ts';
import type { RunResult } from '../reports/result.ts';
import type { PlanDiff } from './diff.ts';
import type { LabState } from './state.ts';

export interface BeginRequest {
  /** The state as the starter wrote it, with the starter as its owner. */
  state: LabState;
  scenario: Scenario;
  engine: EngineName;
  chosen: Pick<Choice, 'report' | 'why'>;
  /** Do the scenario's steps too, and stay up only where one did not hold. */
  steps?: { strict: boolean; capture: boolean };
}

export interface Begun {
  /** Absent where the lab is down again, because all steps held. */
  state?: LabState;
  plan: Plan;
  result?: RunResult;
}

/** The starter's call. When the starter closes its end of the stream before the answer, the lab is taken down. */
export interface OwnerBeginning {
  begin(request: BeginRequest): Promise<Begun>;
}

/** The owner's calls to the starter before that answer. */
export interface StarterCalls {
  progress(line: string): void;
  /** Every host is up and the steps begin. */
  ready(plan: Plan): Promise<void>;
  begins(step: BeginningStep): void;
  step(result: StepResult): void;
  /** The results of a run that ended before its last step. */
  stopped(result: RunResult): void;
}

/** The running state of a host, as its own kernel gives it; `lacking` says which parts it did not tell, and why. */
export interface HostInspection {
  name: string;
  program?: {
    what: string;
    state: 'running' | 'paused' | 'ended';
    exit?: number | null;
    signal?: string | null;
  };
  interfaces?: InterfaceState[];
  routes?: RouteState[];
  neighbours?: NeighbourState[];
  sockets?: SocketState[];
  lacking: string[];
}

export interface OwnerCalls {
  describe(): Promise<{ state: LabState; plan: Plan }>;
  /** Changes the lab to this plan and returns the differences. Given up when the connection ends. */
  change(request: { plan: Plan }): Promise<{ state: LabState; diff: PlanDiff }>;
  inspect(): Promise<HostInspection[]>;
  logs(request: { after: number; hosts: string[]; giveUp: number }): Promise<Extract>;
  /** A call of the agent of a host. Handles that it leaves open are closed when the connection ends. */
  ask(request: { host: string; call: keyof AgentCalls; request: unknown }): Promise<unknown>;
  /** Takes the lab down; the owner ends with it. */
  down(): Promise<void>;
}

export interface CommandCalls {
  progress(line: string): void;
}
