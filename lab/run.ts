/** The one sequence: plan, bring up, do the steps, take down. The result is a value; reports are made from it. */
import type { Engine, EngineName } from './engines/engine.ts';
import type { LiveHost } from './host.ts';
import { planScenario, resolveEndpoint } from './scenario/plan.ts';
import type { Plan } from './scenario/planned.ts';
import type { Scenario } from './scenario/types.ts';
import type { Conversation } from './steps/conversation.ts';
import { runStep, type StepResult } from './steps/run-step.ts';
import type { StepContext } from './steps/step.ts';
import { bringUp, type LiveLab, untilAborted } from './up.ts';
import { expectations, steps } from './vocabulary.ts';

export interface RunOptions {
  engine: Engine;
  signal: AbortSignal;
  progress?(line: string): void;
  /** Told once, when every host is up. */
  ready?(plan: Plan): void | Promise<void>;
  /** Told of each step as it is over. */
  step?(result: StepResult): void;
}

export interface RunResult {
  scenario: { file: string; lab: string; about?: string };
  engine: EngineName;
  steps: StepResult[];
  held: number;
  failed: number;
  skipped: number;
  /** Checks of all steps, and how many of them held. */
  checks: { held: number; all: number };
  /** Milliseconds. */
  took: { up: number; steps: number; down: number };
}

/** Throws LabError for what the user can mend, and what the signal was aborted with. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const began = performance.now();
  const plan = planScenario(scenario);
  const live = await bringUp(plan, options.engine, {
    progress: options.progress ?? (() => {}),
    signal: options.signal,
  });
  const up = performance.now();
  let results: StepResult[];
  try {
    await options.ready?.(plan);
    results = await doSteps(scenario, live, options);
  } finally {
    options.progress?.('taking down');
    await live[Symbol.asyncDispose]();
  }
  const stepsTook = results.reduce((sum, { took }) => sum + took, 0);
  const took = { up: up - began, steps: stepsTook, down: performance.now() - up - stepsTook };
  return summary(scenario, options.engine.name, results, took);
}

async function doSteps(scenario: Scenario, live: LiveLab, options: RunOptions): Promise<StepResult[]> {
  const named = new Map<string, Conversation>();
  const results: StepResult[] = [];
  for (const step of scenario.steps) {
    const context = contextFor(live.hosts.get(step.at)!, live, named);
    const result = await untilAborted(options.signal, runStep(step, { steps, expectations }, context));
    results.push(result);
    options.step?.(result);
  }
  return results;
}

function contextFor(host: LiveHost, live: LiveLab, named: Map<string, Conversation>): StepContext {
  return {
    host,
    hosts: live.hosts,
    named,
    resolve: (endpoint, defaultPort) => resolveEndpoint(live.plan, host.name, endpoint, defaultPort),
  };
}

function summary(
  scenario: Scenario,
  engine: EngineName,
  results: StepResult[],
  took: RunResult['took'],
): RunResult {
  const count = (status: StepResult['status']) => results.filter((result) => result.status === status).length;
  const checks = results.flatMap((result) => result.checks);
  return {
    scenario: {
      file: scenario.file,
      lab: scenario.lab,
      ...(scenario.about !== undefined && { about: scenario.about }),
    },
    engine,
    steps: results,
    held: count('held'),
    failed: count('failed'),
    skipped: count('skipped'),
    checks: { held: checks.filter(({ held }) => held).length, all: checks.length },
    took,
  };
}
