/** The course of a run so far, and its result: at its end, or where it was stopped. */
import { type Capabilities, Overloaded } from '../agent/protocol.ts';
import type { CapturedRun } from '../captures/captures.ts';
import type { ClockPair } from '../clocks/clocks.ts';
import type { Engine } from '../engines/engine.ts';
import type { Choice } from '../engines/index.ts';
import { LabError } from '../errors.ts';
import { printTerms } from '../model/dhcp-words.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';
import type { Dhcp, Scenario, Step } from '../model/types.ts';
import type { CableRecord } from '../outcomes/cable-record.ts';
import type { StepResult } from '../outcomes/step-result.ts';
import { type GraphHost, graphOf } from '../reports/graph.ts';
import { type HostResult, programName, type RunResult, type Stopped } from '../reports/result.ts';
import { versions } from '../reports/versions.ts';
import { steps as stepKinds } from '../vocabulary.ts';
import { linksOf } from './links-of-run.ts';

export interface RunSoFar {
  started: Date;
  /** Times of `performance.now()`; `up` is when every host was up. */
  began: number;
  up?: number;
  /** The capabilities of the hosts that came up. */
  capabilities: Map<string, Capabilities>;
  /** The steps that are over. */
  steps: StepResult[];
  /** When the lab began to be taken down. */
  over?: number;
  captured?: CapturedRun;
  /** The record of cables, which were asked after the last step. */
  cables?: CableRecord;
  /** The clocks of each two machines, after the last step. */
  clocks?: ClockPair[];
}

export interface Circumstances {
  engine: Engine;
  chosen?: Pick<Choice, 'report' | 'why'>;
  strict?: boolean;
}

/** `error` stopped the run; undefined where the run came to its end. */
export function resultOf(
  scenario: Scenario,
  plan: Plan,
  { engine, chosen, strict }: Circumstances,
  soFar: RunSoFar,
  error?: unknown,
): RunResult {
  const { file, lab, about } = scenario;
  const version = chosen?.report.version;
  const drawn = graphOf(plan);
  const { cables } = soFar;
  const links = linksOf(cables);
  const steps = [...soFar.steps, ...scenario.steps.slice(soFar.steps.length).map(notReached)];
  return {
    scenario: { file, lab, ...(about !== undefined && { about }) },
    engine: { name: engine.name, ...(version !== undefined && { version }), why: chosen?.why ?? [] },
    versions: versions(),
    networks: plan.networks.map(({ name, subnets, mtu, internet, dhcp, dns }, index) => ({
      ...{ name, subnets: subnets.map(({ subnet }) => subnet), mtu },
      ...(internet && { internet }),
      ...(dhcp && handsOut(dhcp)),
      ...(dns !== undefined && { dns }),
      ...linkOf(drawn.networks[index]!),
    })),
    hosts: plan.hosts.map((host, index) => ({
      ...hostResult(host, plan, drawn.hosts[index]!, soFar.capabilities.get(host.name)),
    })),
    started: soFar.started.toISOString(),
    strict: strict ?? false,
    steps,
    ...countOf(steps),
    ...(soFar.captured && { captured: soFar.captured }),
    ...(links && { links }),
    ...(links && cables && { cables: { verdicts: cables.verdicts, tallies: cables.tallies } }),
    ...(soFar.clocks && soFar.clocks.length > 0 && { clocks: soFar.clocks }),
    took: tookOf(soFar),
    ...(error !== undefined && { stopped: stoppedBy(error) }),
  };
}

function notReached(step: Step): StepResult {
  const kind = stepKinds.find(({ word }) => word === step.kind);
  const did = kind?.explain(step.args, step) ?? step.kind;
  return {
    index: step.index,
    name: step.name ?? did,
    at: step.at,
    kind: step.kind,
    did,
    status: 'skipped',
    checks: [],
    took: 0,
    shows: step.shows,
    where: step.where,
    skipped: { why: 'the run was stopped before this step was over', hint: 'see what stopped it' },
  };
}

function linkOf({ link }: { link?: string }): { link?: string } {
  return link === undefined ? {} : { link };
}

function hostResult(
  host: PlannedHost,
  { networks }: Plan,
  drawn: GraphHost,
  capabilities: Capabilities | undefined,
): HostResult {
  const ofNetwork = (name: string) => networks.find((one) => one.name === name)?.mtu;
  const { name, interfaces, program, forward, routes } = host;
  return {
    name,
    ...(forward && { forward }),
    ...(host.node !== undefined && { node: host.node }),
    interfaces: interfaces.map(({ name, network, addresses, mac, mtu }, index) => ({
      ...{ name, network, mac },
      addresses: addresses.map(({ address }) => address),
      ...(mtu !== ofNetwork(network) && { mtu }),
      ...linkOf(drawn.interfaces[index]!),
    })),
    routes: routes.map(({ to, via, interface: card }) => ({ to, via, interface: card })),
    ...(drawn.rules.length > 0 && { rules: drawn.rules }),
    ...(program && { program: programName(program) }),
    ...(capabilities && { capabilities }),
  };
}

function countOf(
  steps: StepResult[],
): Pick<RunResult, 'held' | 'failed' | 'incomplete' | 'skipped' | 'checks'> {
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  const checks = steps.flatMap((step) => step.checks);
  return {
    held: count('held'),
    failed: count('failed'),
    incomplete: count('incomplete'),
    skipped: count('skipped'),
    checks: { held: checks.filter(({ held }) => held).length, all: checks.length },
  };
}

function tookOf({ began, up, over = performance.now() }: RunSoFar): RunResult['took'] {
  const now = performance.now();
  if (up === undefined) return { up: now - began, steps: 0, down: 0 };
  return { up: up - began, steps: over - up, down: now - over };
}

function stoppedBy(error: unknown): Stopped {
  if (error instanceof Overloaded) return { code: 'engine', message: error.message };
  if (!(error instanceof LabError)) return { code: 'bug', message: String(error) };
  const { code, message, hint, where } = error;
  return { code, message, ...(hint !== undefined && { hint }), ...(where && { where }) };
}

function handsOut(dhcp: Dhcp): { dhcp: string; pool?: string } {
  const pool = printTerms(dhcp);
  return { dhcp: dhcp.by, ...(pool !== undefined && { pool }) };
}
