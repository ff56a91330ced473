/** One step from its action to its result: the action, what follows it, what was expected, and what was found. */
import { type Lacking, NetworkFailure, type NetworkFailureData } from '../agent/protocol.ts';
import { withCause } from '../causes/index.ts';
import { isLost } from '../errors.ts';
import type { ExpectationKind } from '../expectations/expectation.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import { conversationKey } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { gone, mistaken } from '../outcomes/outcome.ts';
import { showFailure } from '../outcomes/show.ts';
import type { BeginningStep, StepResult } from '../outcomes/step-result.ts';
import { judgedWithout } from '../outcomes/uncarried.ts';
import { judgedUnheard, restsOnWhatCame } from '../outcomes/unheard.ts';
import { leftOver } from './left-over.ts';
import type { StepKind } from './step.ts';

/** Milliseconds in which frames of an action that has failed may still come. */
const SOON = 300;

/** The words there are, as lab/vocabulary.ts has them. */
export interface Words {
  steps: readonly StepKind[];
  expectations: readonly ExpectationKind[];
}

function kindOf(step: Step, { steps }: Pick<Words, 'steps'>): StepKind {
  const kind = steps.find(({ word }) => word === step.kind);
  if (!kind) throw new Error(`no step is called ${step.kind}: the loader lets no such word through`);
  return kind;
}

function nameOf(step: Step, kind: StepKind): string {
  return step.name ?? kind.explain(step.args, step);
}

export function beginningOf(step: Step, words: Pick<Words, 'steps'>): BeginningStep {
  return { index: step.index, name: nameOf(step, kindOf(step, words)) };
}

/**
 * Does the step and looks at all its expectations. Never throws for an act of a network or a program: an error is a
 * bug, or the end of the host's agent. The loss of its machine is a failure.
 */
export async function runStep(step: Step, words: Words, context: StepContext): Promise<StepResult> {
  const kind = kindOf(step, words);
  let began = performance.now();
  let started = new Date();
  const result = (
    told: Pick<Outcome, 'did' | 'explained'>,
    checks: Check[],
    skipped?: Lacking,
    stderr?: string,
  ): StepResult => ({
    index: step.index,
    name: nameOf(step, kind),
    at: step.at,
    kind: step.kind,
    did: told.did,
    ...(told.explained && { explained: true }),
    status: skipped ? 'skipped' : statusOf(checks),
    checks,
    started: started.toISOString(),
    took: performance.now() - began,
    shows: step.shows,
    where: step.where,
    ...(skipped && { skipped }),
    ...(stderr && { stderr }),
  });

  try {
    return await perform();
  } catch (error) {
    if (!isLost(error)) throw error;
    return result({ did: kind.explain(step.args, step), explained: true }, [gone(error, nameOf(step, kind))]);
  }

  async function perform(): Promise<StepResult> {
    const capturing = capturedAt(step, words.expectations);
    const lacking = lackingFor(kind, step, context);
    if (lacking) {
      kind.skipped?.(step.args, lacking, context);
      return result({ did: kind.explain(step.args, step), explained: true }, [], lacking);
    }
    // Later steps rest on what this one does: where frames cannot be seen it is done, and judged without them.
    const deaf = lackingAt(capturing, context);
    const judged = deaf ? withoutFrames(step, words.expectations) : step;
    await makeReady(step, context);
    await context.cables.ask();
    const { missed } = context.cables;
    context.wire = await context.watch(deaf ? [] : capturing);
    // Captures are ready: the step begins.
    [began, started] = [performance.now(), new Date()];
    const outcome = await kind.run(step.args, step, context);
    try {
      const found = await look(judged, outcome, words, context);
      const looked = judgedWithout(await context.cables.missedSince(missed), found);
      if (!looked.every(restsOnWhatCame)) await context.machinesAnswer();
      const checks = await withCause(step, outcome, judgedUnheard(context.hosts, looked), context);
      const unnamed = kind.gives?.(step.args) === undefined;
      const more = unnamed && checks.every(({ held }) => held) ? await leftOver(step, outcome) : undefined;
      const all = more ? [...checks, more] : checks;
      const held = all.every((check) => check.held);
      const stderr = outcome.stderr ?? outcome.failure?.stderr;
      return result(outcome, all, held ? deaf : undefined, held ? undefined : stderr);
    } finally {
      await settle(kind, step, outcome, context).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
    }
  }
}

function statusOf(checks: readonly Check[]): StepResult['status'] {
  const wrong = checks.filter(({ held }) => !held);
  if (wrong.length === 0) return 'held';
  return wrong.every(({ incomplete }) => incomplete) ? 'incomplete' : 'failed';
}

function lackingFor(kind: StepKind, step: Step, context: StepContext): Lacking | undefined {
  const elsewhere = kind.lacking?.(step.args, context);
  if (elsewhere) return elsewhere;
  for (const capability of kind.needs?.(step.args) ?? []) {
    const state = context.host.capabilities[capability];
    if (state !== true) return state;
  }
  return undefined;
}

/** The hosts at which the step's expectations need to see frames. */
export function capturedAt(step: Step, expectations: readonly ExpectationKind[]): string[] {
  const hosts = step.expect.flatMap(({ kind, value }) => {
    const found = expectations.find(({ word }) => word === kind);
    return found?.captures?.(value, step) ?? [];
  });
  return [...new Set(hosts)];
}

function withoutFrames(step: Step, expectations: readonly ExpectationKind[]): Step {
  const deaf = expectations.filter(({ captures }) => captures).map(({ word }) => word);
  return { ...step, expect: step.expect.filter(({ kind }) => !deaf.includes(kind)) };
}

function lackingAt(capturing: readonly string[], { hosts }: StepContext): Lacking | undefined {
  for (const name of capturing) {
    const capture = hosts.get(name)?.capabilities.capture;
    if (capture && capture !== true) return capture;
  }
  return undefined;
}

async function makeReady({ before }: Step, { hosts }: StepContext): Promise<void> {
  for (const { at } of before) await hosts.get(at)?.agent.forgetNeighbours();
}

async function look(step: Step, outcome: Outcome, words: Words, context: StepContext): Promise<Check[]> {
  const checks = outcome.checks;
  const claimed = step.expect.some(({ kind }) => kind === 'fails');
  if (outcome.failure && !claimed) {
    const failed = unexpected(outcome.failure, outcome.did);
    return [...checks, failed, ...(await lookAtFrames(step, outcome, words, context))];
  }
  // The expectation rests on the check that has just failed.
  if (checks.some(({ held }) => !held)) return checks;
  for (const expectation of step.expect) {
    const kind = words.expectations.find(({ word }) => word === expectation.kind);
    if (!kind) throw new Error(`no expectation is called ${expectation.kind}`);
    const began = performance.now();
    const found = await lookAt(kind, expectation.value, step, outcome, context);
    const took = performance.now() - began;
    checks.push(...found.map((check) => ({ ...check, took })));
  }
  return checks.length > 0 ? checks : [{ kind: 'did', what: outcome.did, held: true }];
}

/** The action has failed: what was on the wire so far shows how far it came. */
async function lookAtFrames(
  step: Step,
  outcome: Outcome,
  words: Words,
  context: StepContext,
): Promise<Check[]> {
  const soon = { ...step, within: Math.min(step.within ?? SOON, SOON) };
  const looks = step.expect.map(async ({ kind: word, value }) => {
    const kind = words.expectations.find((one) => one.word === word);
    return kind?.captures ? lookAt(kind, value, soon, outcome, context) : [];
  });
  return (await Promise.all(looks)).flat();
}

async function lookAt(
  kind: ExpectationKind,
  value: unknown,
  step: Step,
  outcome: Outcome,
  context: StepContext,
): Promise<Check[]> {
  try {
    return await kind.check(value, outcome, step, context);
  } catch (error) {
    if (isLost(error)) return [{ ...gone(error, kind.word), incomplete: true }];
    if (!(error instanceof NetworkFailure)) return [mistaken(error, kind.word)];
    outcome.failure = error.data;
    return [unexpected(error.data, kind.word)];
  }
}

function unexpected(failure: NetworkFailureData, what: string): Check {
  const told = { what, expected: 'no failure', found: showFailure(failure), why: failure.message };
  return { kind: 'failed', failure: failure.kind, held: false, ...told };
}

/** A conversation with a name stays open under it; one without a name is over with its step. */
async function settle(kind: StepKind, step: Step, outcome: Outcome, context: StepContext): Promise<void> {
  const { conversation } = outcome;
  if (!conversation || outcome.opened !== true) return;
  const name = kind.gives?.(step.args);
  if (name === undefined) await conversation.close();
  else {
    const key = conversationKey(context.host.name, name);
    await context.named.get(key)?.close();
    context.named.set(key, conversation);
  }
}
