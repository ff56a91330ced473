/** Proves claims: every scenario once as it is written, and each control in a lab of its own. */

import { sideBySide } from '../engines/side-by-side.ts';
import type { Control, Scenario, Step } from '../model/types.ts';
import { type Finding, falseWorld, findingOf, type Ran } from './false-world.ts';
import { type Listed, listClaims, type Showing } from './listing.ts';
import type { Claim } from './table.ts';

export type ClaimVerdict =
  | 'shown'
  /** A step does not hold, or is skipped, in the scenario as it is. */
  | 'not true here'
  | 'control held'
  | 'failed otherwise'
  | 'not tried'
  | 'no control'
  | 'no scenario';

/** One step that shows a claim, after it was tried. */
export interface Tried {
  file: string;
  step: number;
  name: string;
  /** Why it did not hold in the true world; absent where it did. */
  untrue?: string;
  /** The findings of its controls for the claim, in order, each with the line of the control in the file. */
  findings: (Finding & { line: number })[];
}

export interface Proof {
  claim: Claim;
  verdict: ClaimVerdict;
  by: Tried[];
}

export interface Proven {
  proofs: Proof[];
  /** The number of labs that were brought up for them. */
  labs: number;
}

export interface Proving {
  /** Brings a scenario up, does its steps, takes it down. An error that it throws ends the whole proof. */
  run(scenario: Scenario): Promise<Ran>;
  /** Labs side by side. */
  jobs: number;
  /** Called before each lab: the number of labs begun, the number of all labs, and the name of this one. */
  progress?(begun: number, all: number, what: string): void;
}

/** One lab: a scenario as it is (`control` absent), or in a false world. */
interface Trial {
  scenario: Scenario;
  step?: Step;
  control?: Control;
}

/** Proves the claims with these ids, in the table's order. */
export async function proveClaims(
  scenarios: readonly Scenario[],
  ids: readonly string[],
  { run, jobs, progress }: Proving,
): Promise<Proven> {
  const asked = listClaims(scenarios).filter(({ claim }) => ids.includes(claim.id));
  const trials = trialsOf(asked);
  const truths = new Map<Scenario, Ran>();
  const findings = new Map<Control, Finding>();
  let begun = 0;
  await sideBySide(trials, jobs, async ({ scenario, step, control }) => {
    begun += 1;
    const world = step && control && `, without what step ${step.index} shows (line ${control.where.line})`;
    progress?.(begun, trials.length, `${scenario.file}${world ?? ''}`);
    if (control) findings.set(control, await findingOf(await run(falseWorld(scenario, control)), control));
    else truths.set(scenario, await run(scenario));
  });
  return { proofs: asked.map((listed) => proofOf(listed, truths, findings)), labs: trials.length };
}

/** The longest should begin first. Scenarios as they are come first, because they do all their steps. */
function trialsOf(asked: readonly Listed[]): Trial[] {
  const showings = asked.flatMap(({ by }) => by);
  const scenarios = [
    ...new Set(showings.filter(({ controls }) => controls.length > 0).map(({ scenario }) => scenario)),
  ];
  const controls = new Map<Control, Trial>();
  for (const { scenario, step, controls: own } of showings) {
    for (const control of own) controls.set(control, { scenario, step, control });
  }
  return [...scenarios.map((scenario) => ({ scenario })), ...controls.values()];
}

function proofOf(
  { claim, by }: Listed,
  truths: ReadonlyMap<Scenario, Ran>,
  findings: ReadonlyMap<Control, Finding>,
): Proof {
  const controlled = by.filter(({ controls }) => controls.length > 0);
  const tried = controlled.map((showing) => triedOf(showing, truths, findings));
  const rest = by.filter((showing) => !controlled.includes(showing));
  const all = [...tried, ...rest.map(({ scenario, step }) => ({ ...placed(scenario, step), findings: [] }))];
  return { claim, verdict: verdictOf(by.length, tried), by: all };
}

function triedOf(
  { scenario, step, controls }: Showing,
  truths: ReadonlyMap<Scenario, Ran>,
  findings: ReadonlyMap<Control, Finding>,
): Tried {
  const untrue = whyUntrue(truths.get(scenario), step);
  return {
    ...placed(scenario, step),
    ...(untrue !== undefined && { untrue }),
    findings: controls.flatMap((control) => {
      const finding = findings.get(control);
      return finding ? [{ ...finding, line: control.where.line }] : [];
    }),
  };
}

function placed({ file }: Scenario, step: Step): Pick<Tried, 'file' | 'step' | 'name'> {
  return { file, step: step.index, name: step.name ?? step.kind };
}

function whyUntrue(truth: Ran | undefined, { index }: Step): string | undefined {
  if (!truth || truth.stopped) return truth?.stopped?.message ?? 'it was not run';
  const result = truth.steps.find((one) => one.index === index);
  if (result?.status === 'held') return undefined;
  const failed = result?.checks.find(({ held }) => !held);
  return result?.skipped?.why ?? `${failed?.what}: ${failed?.found}`;
}

/** The worst of its steps decides. */
function verdictOf(showings: number, tried: readonly Tried[]): ClaimVerdict {
  if (showings === 0) return 'no scenario';
  if (tried.length === 0) return 'no control';
  if (tried.some(({ untrue }) => untrue !== undefined)) return 'not true here';
  const hows = tried.flatMap(({ findings }) => findings.map(({ how }) => how));
  if (hows.includes('held')) return 'control held';
  if (hows.includes('otherwise')) return 'failed otherwise';
  return hows.includes('not tried') ? 'not tried' : 'shown';
}
