/** What a run comes to: the one value from which every report is made. */
import type { Capabilities, Lacking } from '../agent/protocol.ts';
import type { CapturedRun } from '../captures/captures.ts';
import type { EngineName } from '../engines/engine.ts';
import type { LabErrorCode, Where } from '../errors.ts';
import type { Program } from '../model/types.ts';
import type { StepResult } from '../steps/run-step.ts';
import type { Versions } from './versions.ts';

export interface RunResult {
  scenario: { file: string; lab: string; about?: string };
  engine: {
    name: EngineName;
    /** Version or kind, as the engine says it: `Docker 26.1.5`. */
    version?: string;
    /** Why it was this one, a line each. */
    why: string[];
  };
  versions: Versions;
  networks: NetworkResult[];
  hosts: HostResult[];
  /** ISO 8601: when the run began. */
  started: string;
  /** A step that was skipped counts as one that failed. */
  strict: boolean;
  /** Every step of the scenario in order; where the run was stopped, the ones not reached are skipped. */
  steps: StepResult[];
  held: number;
  failed: number;
  /** Of these it cannot be said: frames may have passed unseen. */
  incomplete: number;
  skipped: number;
  /** Checks of all steps, and how many of them held. */
  checks: { held: number; all: number };
  /** Milliseconds. */
  took: { up: number; steps: number; down: number };
  /** Every frame that was captured; absent where nothing was. Reports for programs leave it out. */
  captured?: CapturedRun;
  /** What ended the run before its last step; absent where it came to its end. */
  stopped?: Stopped;
}

export interface NetworkResult {
  name: string;
  /** One, or one of each family. */
  subnets: string[];
  /** Bytes of the largest packet. */
  mtu?: number;
  /** It leads out of the lab. */
  internet?: true;
  /** Hosts that hand out its addresses, and answer for its names. */
  dhcp?: string;
  dns?: string;
}

export interface HostResult {
  name: string;
  /** A router. */
  forward?: true;
  /** One address for each of the network's families. */
  interfaces: { name: string; network: string; mac: string; addresses: string[] }[];
  /** Beside those to its own networks. */
  routes?: { to: string; via: string; interface: string }[];
  /** What it does to addresses, and what it lets pass and stops, a line each. */
  rules?: string[];
  /** What runs on it beside its agent: a service, an image or a command line. */
  program?: string;
  /** Absent where the host did not come up. */
  capabilities?: Capabilities;
}

export interface Stopped {
  /** `bug` is an error that no user can mend. */
  code: LabErrorCode | 'bug';
  message: string;
  hint?: string;
  where?: Where;
}

/** Whether the step counts against the run. A step that was not reached does not: what stopped the run does. */
export function failedIn({ strict }: Pick<RunResult, 'strict'>, step: StepResult): boolean {
  return isTrouble(step) || (strict && step.status === 'skipped' && wasReached(step));
}

function isTrouble({ status }: StepResult): boolean {
  return status === 'failed' || status === 'incomplete';
}

/** False for a step that was not over when the run was stopped. */
export function wasReached({ started }: StepResult): boolean {
  return started !== undefined;
}

/** Whether all held, as the exit code says it. */
export function succeeded(run: RunResult): boolean {
  return !run.stopped && !run.steps.some((step) => failedIn(run, step));
}

/** `lan on netns` */
export function titleOf({ scenario, engine }: RunResult): string {
  return `${scenario.lab} on ${engine.name}`;
}

/** `scenarios/01-lan.yaml:12:5` */
export function placeOf({ file, line, column }: Where): string {
  return `${file}:${line}:${column}`;
}

/** What hosts lack here, once for all hosts that lack it for the same reason. */
export function lackingOf({ hosts }: RunResult): ({ capability: string; hosts: string[] } & Lacking)[] {
  const all = hosts.flatMap(({ name, capabilities }) =>
    Object.entries(capabilities ?? {}).flatMap(([capability, state]) =>
      state === true ? [] : [{ name, capability, why: state.why, hint: state.hint }],
    ),
  );
  const reasons = Map.groupBy(all, ({ capability, why, hint }) => JSON.stringify([capability, why, hint]));
  return [...reasons.values()].map((same) => {
    const { capability, why, hint } = same[0]!;
    return { capability, hosts: same.map(({ name }) => name), why, hint };
  });
}

/** A program in a word or a line: the service, the image, the command. */
export function programName(program: Program): string {
  if (program.kind === 'service') return program.service;
  return program.kind === 'image' ? program.image : program.argv.join(' ');
}
