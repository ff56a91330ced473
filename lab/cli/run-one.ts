/** Runs one scenario of a call, and prints each step when it is over. */

import type { LabState } from '../daemon/state.ts';
import type { OnConflict } from '../engines/engine.ts';
import type { Choice } from '../engines/index.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import type { BeginningStep, StepResult } from '../outcomes/step-result.ts';
import { type RunResult, wasReached } from '../reports/result.ts';
import { summaryText } from '../reports/summary.ts';
import { headingText, stepText, topologyText } from '../reports/text.ts';
import { runScenario } from '../run/run.ts';
import { entryText } from './labs.ts';
import type { Progress } from './progress.ts';
import { type RunningStep, showRunningStep } from './running-step.ts';
import { coloured } from './terminal.ts';

export interface Circumstances {
  choice: Choice;
  strict: boolean;
  /** Leave the lab up where a step did not hold. */
  keep: boolean;
  /** Leave nothing out of what a command has written. */
  verbose: boolean;
  onConflict: OnConflict;
  /** Every host captures for the whole run. */
  capture: boolean;
  signal: AbortSignal;
  print(text: string): void;
  /** Others run beside it: no spinner. */
  quiet: boolean;
  /** Called with the result, also with that of a run that was stopped. */
  over(result: RunResult): void;
}

const SILENT: Progress = { say: () => {}, done: async () => {} };
const UNSEEN: RunningStep = { begins: () => {}, over: () => {}, [Symbol.dispose]: () => {} };

/** Loads the spinner, after the heading is printed: the heading does not wait for this. */
async function progressOf(title: string): Promise<Progress> {
  return (await import('./progress.ts')).startProgress(title);
}

export async function runOne(scenario: Scenario, circumstances: Circumstances): Promise<void> {
  const { choice, strict, keep, verbose, onConflict, capture, signal, print, over, quiet } = circumstances;
  const look = { colour: coloured(process.stdout), width: process.stdout.columns, verbose };
  print(headingText(scenario, choice, look));
  const bringingUp = quiet ? SILENT : await progressOf(`bringing up ${scenario.lab}`);
  using running = quiet ? UNSEEN : showRunningStep();
  let kept = '';
  const options = {
    strict,
    onConflict,
    capture,
    signal,
    progress: bringingUp.say,
    ready: async (plan: Plan) => {
      await bringingUp.done('well');
      print(`\n${topologyText(plan, look)}\n`);
    },
    begins: (step: BeginningStep) => running.begins(step),
    step: (step: StepResult) => {
      running.over();
      print(stepText(step, look));
    },
    stopped: (result: RunResult) => {
      running.over();
      if (result.steps.some(wasReached)) print(`\n${summaryText(result, look)}`);
      over(result);
    },
    kept: (lab: LabState) => {
      kept = `\n${lab.lab} is still up (${lab.id})\n${entryText(lab, true)}`;
    },
  };
  try {
    const result = keep
      ? await (await import('../daemon/kept-run.ts')).runInOwner(scenario, { ...options, choice })
      : await runScenario(scenario, { ...options, engine: choice.engine, chosen: choice });
    print(`\n${summaryText(result, look)}${kept}`);
    over(result);
  } catch (error) {
    await bringingUp.done('badly');
    throw error;
  }
}
