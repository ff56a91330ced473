/** Faults as calls. Their kinds and their rules are those of a scenario. */
import type { Lacking } from '../agent/protocol.ts';
import type { Engine, Feature, Split } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import { chosenOf, type Fault, type FaultKind, featuresOf, type LiveHosts } from '../faults/fault.ts';
import type { MoveHost } from '../live/host.ts';
import { movedHosts } from '../model/moved.ts';
import type { Plan } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { loadStep } from '../scenario/load-step.ts';
import { dangling } from '../scenario/steps/references.ts';
import type { Moving } from '../scenario/vocabulary.ts';
import type { StepKind } from '../steps/step.ts';
import { faults, vocabulary } from '../vocabulary.ts';
import { type Hint, tell } from '../wire/lines/hint.ts';
import { type WrittenFault, yamlOf } from './written.ts';

/** A host, several of them, or `all`: every other host. */
export type CutSide = string | readonly string[];

export interface FaultyLab {
  scenario: Scenario;
  hosts: LiveHosts;
  plan: Plan;
  move: MoveHost;
  /** The faults that `Lab.fault` has begun. */
  made: Made[];
  split: Split | undefined;
  engine: Pick<Engine, 'name' | 'never'>;
}

/**
 * Begins a fault of a kind; `written` is the value under the kind's word in a scenario. Throws LabError: `usage` where
 * `written` makes no sense, `unsupported` where the engine or this machine cannot do it.
 */
export async function breakIt<Args>(kind: FaultKind<Args>, written: unknown, lab: FaultyLab): Promise<Fault> {
  const args = read(kind, written, lab);
  const { hosts } = lab;
  const { networks } = lab.scenario;
  for (const one of kind.objections?.(args, scenarioHosts(lab), networks) ?? []) throw wrong(one);
  refuse(kind.explain(args), featuresOf(kind, args), kind.lacking?.(args, hosts), lab);
  return await kind.begin(args, hosts, lab.plan, lab.move, lab.split);
}

/** Where hosts are that faults have moved. */
function movesOf(made: readonly Made[]): Moving[] {
  return made.flatMap(({ fault }) => {
    if (fault.healed || fault.broke.kind !== 'moved') return [];
    const { host, from, to } = fault.broke;
    return [{ host, from, to }];
  });
}

/** A fault that `Lab.fault` has begun, and the things that no other fault may hold at the same time. */
export interface Made {
  fault: Fault;
  holds: readonly string[];
  /** Its place among them, 1 for the first. */
  step: number;
}

/**
 * Begins a fault; `written` is the map under `fault` in a scenario. Throws ScenarioErrors with every mistake in it, LabError
 * (`usage`) where another fault holds the same thing, and the errors of breakIt.
 */
export async function breakAny(written: WrittenFault, lab: FaultyLab): Promise<Fault> {
  const { made } = lab;
  const text = yamlOf({ steps: [{ fault: { ...written } }] });
  const step = loadStep(text, 'fault', lab.scenario, vocabulary, movesOf(made));
  const { kind, value } = chosenOf(faults, step.args as Record<string, unknown>);
  refuse(kind.explain(value), featuresOf(kind, value), kind.lacking?.(value, lab.hosts), lab);
  const { holds, state } = kind.breaks(value, scenarioHosts(lab));
  for (const other of made) {
    const thing = other.fault.healed ? undefined : holds.find((one) => other.holds.includes(one));
    if (thing)
      throw new LabError('usage', `${thing} is already ${state}: ${other.fault.did}`, {
        hint: 'heal that fault first',
      });
  }
  const fault = await kind.begin(value, lab.hosts, lab.plan, lab.move, lab.split);
  made.push({ fault, holds, step: made.length + 1 });
  return fault;
}

/** Repairs the thing that `written` names; `act` does the repair. Throws the errors of breakIt. */
export async function repairIt(
  kind: StepKind<string>,
  written: string,
  lab: FaultyLab,
  act: (hosts: LiveHosts) => Promise<unknown>,
): Promise<void> {
  read(kind, written, lab);
  refuse(kind.word, kind.features?.(written) ?? [], undefined, lab);
  await act(lab.hosts);
}

type Checked<Args> = Pick<StepKind<Args>, 'word' | 'schema' | 'references'>;

function read<Args>(kind: Checked<Args>, written: unknown, lab: FaultyLab): Args {
  const parsed = kind.schema.safeParse(written);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const hint = issue?.code === 'custom' ? tell(issue.params?.hint as Hint | undefined) : undefined;
    throw wrong({ message: issue?.message ?? `${kind.word} takes something else`, hint });
  }
  for (const reference of kind.references?.(parsed.data) ?? []) {
    const found = dangling(reference, { at: undefined, hosts: scenarioHosts(lab), conversations: [] });
    if (found) throw wrong({ message: found.message, hint: tell(found.hint) ?? found.allowed?.join(', ') });
  }
  return parsed.data;
}

/** The hosts of the scenario, each on the networks where it is now. */
function scenarioHosts({ scenario, made }: FaultyLab) {
  return movedHosts(scenario.hosts, movesOf(made));
}

function refuse(
  what: string,
  features: Feature[],
  lacking: Lacking | undefined,
  { engine }: FaultyLab,
): void {
  for (const feature of features) {
    const why = engine.never[feature];
    if (why !== undefined)
      throw new LabError('unsupported', `${what}: the engine ${engine.name} never can: ${why}`);
  }
  if (lacking) throw new LabError('unsupported', `${what}: ${lacking.why}`, { hint: lacking.hint });
}

function wrong({ message, hint }: { message: string; hint?: Hint | undefined }): LabError {
  return new LabError('usage', message, { hint: tell(hint) });
}
