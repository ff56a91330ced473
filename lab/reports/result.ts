/** The result of a run: the one value from which every report is made. */
import type { Lacking } from '../agent/protocol.ts';
import type { CapturedRun } from '../captures/captures.ts';
import type { Where } from '../errors.ts';
import type { Program } from '../model/types.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import type { CablesTold } from '../wire/ladder/cables.ts';
import type { RunReport } from './schema.ts';

export type { HostResult, NetworkResult, Stopped } from './schema.ts';

/** A run as in the JSON report (schema.ts), with the steps as they were done and every captured frame. */
export interface RunResult extends Omit<RunReport, 'steps' | 'captured'> {
  /** Every step of the scenario in order; where the run was stopped, the ones not reached are skipped. */
  steps: StepResult[];
  /** Absent where nothing was captured. Reports for programs leave the frames out. */
  captured?: CapturedRun;
  /** The verdicts of impaired cables on frames; absent where no cable was impaired. Reports for programs leave it out. */
  cables?: CablesTold;
}

/** Whether the step counts against the run. A step that was not reached does not count: the run was stopped. */
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

/** Whether all steps held, as the exit code tells. */
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

/** The capabilities that hosts lack, once for all hosts that lack one for the same reason. */
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
