/** `lanlab up SCENARIO`: brings up a lab that stays. A call after an edit changes only the parts that differ. */
import { resolve } from 'node:path';
import { connectOwner, type OwnerClient } from '../daemon/client.ts';
import { diffPlans, isEmpty, type PlanDiff } from '../daemon/diff.ts';
import { withGiven } from '../daemon/replan.ts';
import { startOwner } from '../daemon/start.ts';
import type { LabState } from '../daemon/state.ts';
import type { Engine, EngineName } from '../engines/engine.ts';
import { type Choice, chooseEngine, engineNamed } from '../engines/index.ts';
import { LabError } from '../errors.ts';
import { planOn } from '../live/plan-on-engine.ts';
import { refuseUnsupported, untilAborted } from '../live/up.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { headingText, topologyText } from '../reports/text.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { changesText } from './changes.ts';
import { entryText, labsUp } from './labs.ts';
import { startProgress } from './progress.ts';
import { sayWaiting, tell } from './say.ts';
import { coloured, interruption } from './terminal.ts';

export interface UpArguments {
  engine?: EngineName;
  dryRun?: boolean;
}

const look = () => ({ colour: coloured(process.stdout), width: process.stdout.columns });
const print = (text: string) => void tell(text);

export async function up(file: string, { engine, dryRun }: UpArguments): Promise<number> {
  const scenario = await loadScenarioFile(file, vocabulary);
  const labs = await labsUp();
  const existing = sameLab(file, engine, labs);
  if (existing) await upAgain(existing, scenario, labs.length > 1, dryRun ?? false);
  else await upFirst(scenario, await chooseEngine(engine, sayWaiting), labs.length > 0, dryRun ?? false);
  return 0;
}

/** A scenario may be up once on each engine. */
function sameLab(file: string, engine: EngineName | undefined, labs: LabState[]): LabState | undefined {
  const same = labs.filter(
    (lab) => lab.file === resolve(file) && (engine === undefined || lab.engine === engine),
  );
  if (same.length <= 1) return same[0];
  const engines = same.map((lab) => lab.engine).join(' and ');
  throw new LabError('usage', `${file} is up on ${engines}`, { hint: 'say which you mean with --engine' });
}

async function upFirst(scenario: Scenario, choice: Choice, others: boolean, dryRun: boolean): Promise<void> {
  print(headingText(scenario, choice, look()));
  if (dryRun) return dryUp(await planOn(choice.engine, scenario), choice.engine);
  using interrupted = interruption();
  const progress = startProgress(`bringing up ${scenario.lab}`);
  try {
    const { state, plan } = await startOwner(scenario, {
      choice,
      signal: interrupted.signal,
      progress: progress.say,
      ready: async () => {},
      begins: () => {},
      step: () => {},
      stopped: () => {},
    });
    await progress.done('well');
    print(
      `\n${topologyText(plan, look())}\n${state!.lab} is up (${state!.id})\n${entryText(state!, others)}`,
    );
  } catch (error) {
    await progress.done('badly');
    throw error;
  }
}

function dryUp(plan: Plan, engine: Engine): void {
  refuseUnsupported(engine, plan);
  const nothing: Plan = { lab: plan.lab, networks: [], hosts: [] };
  print(`\n${changesText(diffPlans(nothing, plan), look())}nothing was done (--dry-run)\n`);
}

async function upAgain(lab: LabState, scenario: Scenario, others: boolean, dryRun: boolean): Promise<void> {
  let say: (line: string) => void = () => {};
  using owner = await connectOwner(lab, { progress: (line) => say(line) });
  const now = await owner.calls.describe();
  const plan = await planOn(engineNamed(lab.engine), withGiven(now.plan, scenario), now.plan);
  const diff = diffPlans(now.plan, plan);
  if (isEmpty(diff)) return print(`${lab.lab} is up (${lab.id}), and nothing has changed\n`);
  print(`${lab.lab} is up (${lab.id}); these have changed:\n${changesText(diff, look())}`);
  if (dryRun) return print('nothing was done (--dry-run)\n');
  const progress = startProgress(`changing ${lab.lab}`);
  say = progress.say;
  try {
    const state = await change(owner, plan);
    await progress.done('well');
    print(`\n${topologyText(plan, look())}\n${lab.lab} is changed\n${entryText(state, others)}`);
  } catch (error) {
    await progress.done('badly');
    throw error;
  }
}

/** The owner gives the change up when we are interrupted and our connection ends. */
async function change({ calls }: OwnerClient, plan: Plan): Promise<LabState> {
  using interrupted = interruption();
  const { state }: { state: LabState; diff: PlanDiff } = await untilAborted(
    interrupted.signal,
    calls.change({ plan }),
  );
  return state;
}
