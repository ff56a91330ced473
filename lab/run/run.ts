/** The one sequence: plan, bring up, do the steps, take down. The result is a value; reports are made from it. */

import { Captures } from '../captures/captures.ts';
import type { Engine, OnConflict } from '../engines/engine.ts';
import type { Choice } from '../engines/index.ts';
import { moveHost } from '../live/move.ts';
import { askedIn } from '../live/plain-hosts.ts';
import { bringUpOn, planOn } from '../live/plan-on-engine.ts';
import { type LiveLab, untilAborted } from '../live/up.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { CableRecord } from '../outcomes/cable-record.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { BeginningStep, StepResult } from '../outcomes/step-result.ts';
import { resolveEndpoint } from '../plan/plan.ts';
import { failedIn, type RunResult } from '../reports/result.ts';
import { beginningOf, capturedAt, runStep } from '../steps/run-step.ts';
import { expectations, steps } from '../vocabulary.ts';
import { type RunSoFar, resultOf } from './result-of-run.ts';
import { refuseUnknownMachines, refuseUnsupportedSteps } from './unsupported.ts';

export type { RunResult } from '../reports/result.ts';

export interface RunOptions {
  engine: Engine;
  /** The engine's report of itself, and why it was taken: for the report of the run. */
  chosen?: Pick<Choice, 'report' | 'why'>;
  /** A step that is skipped is a failure. */
  strict?: boolean;
  signal: AbortSignal;
  progress?(line: string): void;
  /** Told once, when every host is up. */
  ready?(plan: Plan): void | Promise<void>;
  /** Told of each step before it runs. */
  begins?(step: BeginningStep): void;
  /** Told of each step as it is over. */
  step?(result: StepResult): void;
  /** Given the result so far where the run ends before its last step, before the error is thrown. */
  stopped?(result: RunResult): void;
  /** The lab's id, where it was chosen before. */
  id?: string;
  onConflict?: OnConflict;
  /** Given the lab where a step did not hold: the lab is the caller's then, and stays up. */
  keep?(live: LiveLab): void;
  /** Every host captures for the whole run. */
  capture?: boolean;
}

/** Throws LabError for mistakes that the user can fix, and the signal's reason where it was aborted. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  refuseUnsupportedSteps(scenario, options.engine);
  await refuseUnknownMachines(scenario, options.engine);
  const now = { plan: await planOn(options.engine, scenario) };
  const soFar: RunSoFar = {
    started: new Date(),
    began: performance.now(),
    capabilities: new Map(),
    steps: [],
  };
  try {
    await runPlan(now, scenario, options, soFar);
  } catch (error) {
    options.stopped?.(resultOf(scenario, now.plan, options, soFar, error));
    throw error;
  }
  return resultOf(scenario, now.plan, options, soFar);
}

/** Does the scenario's steps in a lab that is up, and leaves it up. Conversations that the steps named are closed. */
export async function runSteps(
  scenario: Scenario,
  live: LiveLab,
  options: Omit<RunOptions, 'ready'>,
): Promise<RunResult> {
  refuseUnsupportedSteps(scenario, options.engine);
  const now = performance.now();
  const capabilities = new Map([...live.hosts.values()].map((host) => [host.name, host.capabilities]));
  const soFar: RunSoFar = { started: new Date(), began: now, up: now, capabilities, steps: [] };
  const left = nothingLeft(live);
  try {
    await doSteps(scenario, live, options, soFar, left);
  } catch (error) {
    options.stopped?.(resultOf(scenario, live.plan, options, soFar, error));
    throw error;
  } finally {
    // When the steps are done again in the same lab, their ports are free and no fault is left.
    await Promise.allSettled([...left.named.values()].map((conversation) => conversation.close()));
    await healAll(left.faults);
  }
  return resultOf(scenario, live.plan, options, soFar);
}

/** The last one first: a fault may stand in the way of healing one before it, as a pause does for a clock that is skewed. */
async function healAll(faults: Left['faults']): Promise<void> {
  for (const { fault } of faults.toReversed()) await fault?.heal().catch(() => {});
}

/** `now.plan` becomes the plan of the lab that came up. */
async function runPlan(
  now: { plan: Plan },
  scenario: Scenario,
  options: RunOptions,
  soFar: RunSoFar,
): Promise<void> {
  const { progress = () => {}, signal, id, onConflict = 'refuse' } = options;
  // A host that is to stay, or to capture, needs its agent.
  const asked = options.keep || options.capture ? undefined : askedIn(scenario);
  const up = { progress, signal, onConflict, ...(id !== undefined && { id }), ...(asked && { asked }) };
  const live = await bringUpOn(options.engine, scenario, up, now.plan);
  now.plan = live.plan;
  soFar.up = performance.now();
  for (const { name, capabilities } of live.hosts.values()) soFar.capabilities.set(name, capabilities);
  let kept = false;
  try {
    await options.ready?.(live.plan);
    await doSteps(scenario, live, options, soFar);
    kept = options.keep !== undefined && soFar.steps.some((step) => failedIn({ strict: false }, step));
  } finally {
    if (!kept) {
      progress('taking down');
      soFar.over = performance.now();
      await live[Symbol.asyncDispose]();
    }
  }
  if (kept) options.keep?.(live);
}

async function doSteps(
  scenario: Scenario,
  live: LiveLab,
  options: Pick<RunOptions, 'signal' | 'begins' | 'step' | 'capture'>,
  soFar: RunSoFar,
  left = nothingLeft(live),
): Promise<void> {
  const whole = options.capture ? [...live.hosts.keys()] : (scenario.capture ?? []);
  const captures = new Captures(live.hosts, whole, undefined, live.network.clocks);
  try {
    for (const [index, step] of scenario.steps.entries()) {
      const later = scenario.steps.slice(index).flatMap((one) => capturedAt(one, expectations));
      const context = contextFor(step.at, { live, scenario }, left, (hosts) => captures.watch(hosts, later));
      options.begins?.(beginningOf(step, { steps }));
      const result = await untilAborted(options.signal, runStep(step, { steps, expectations }, context));
      soFar.steps.push(result);
      options.step?.(result);
    }
  } finally {
    await untilAborted(options.signal, left.cables.ask()).catch((error: unknown) => {
      if (!options.signal?.aborted) throw error;
    });
    soFar.cables = left.cables;
    const captured = await untilAborted(options.signal, captures.stop()).catch(() => captures.taken());
    const clocks = live.network.clocks?.pairs();
    if (clocks) soFar.clocks = clocks;
    if (captured.cards.length > 0 || captured.losses.length > 0)
      soFar.captured = { ...captured, keys: left.keys };
  }
}

/** The conversations, faults and cables that steps leave behind for later ones. */
type Left = Pick<StepContext, 'named' | 'faults' | 'cables' | 'keys'>;

function nothingLeft({ hosts }: LiveLab): Left {
  const faults: Left['faults'] = [];
  return { named: new Map(), faults, keys: [], cables: new CableRecord(hosts, faults) };
}

function contextFor(
  at: string,
  { live, scenario }: { live: LiveLab; scenario: Scenario },
  left: Left,
  watch: StepContext['watch'],
): StepContext {
  return {
    ...left,
    watch,
    split: live.network.split?.bind(live.network),
    machinesAnswer: () => live.network.machinesAnswer?.() ?? Promise.resolve(),
    get plan() {
      return live.plan;
    },
    hosts: live.hosts,
    move: (move) => left.cables.moving(move.host, () => moveHost(live, scenario, move)),
    get host() {
      const host = live.hosts.get(at);
      if (!host) throw new Error('this step has no host');
      return host;
    },
    resolve: (endpoint, defaultPort, family) => resolveEndpoint(live.plan, at, endpoint, defaultPort, family),
  };
}
