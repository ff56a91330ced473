/** The evidence of one failed step: its target, how it failed, and the hosts and frames to look at. */

import type { Endpoint } from '../../agent/endpoint.ts';
import type { SocketState } from '../../agent/protocol.ts';
import { familyOf } from '../../model/address.ts';
import { addressesOf, type PlannedInterface } from '../../model/planned.ts';
import type { Judged } from '../../outcomes/check.ts';
import type { StepContext } from '../../outcomes/context.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { ownerOf } from './address-owner.ts';
import { type ForwardedPort, forwardedPorts } from './forwarded-ports.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Path, pathOf, pathOnLink, reversed } from './path.ts';
import {
  askedAs,
  type Ends,
  type Leg,
  type PathHost,
  pathHostsBack,
  pathHostsForth,
  pathHostsToMany,
} from './path-host.ts';
import { type CapturedFrames, seenFrames } from './seen-frames.ts';
import { isLoopback } from './subnet.ts';
import { isAwaitedFrom, type Symptom, symptomOf } from './symptom.ts';
import { sourceFor, type Target, targetOf } from './target.ts';
import { unlessUnanswered } from './unanswered.ts';
import { type JudgedFrame, verdictsSince } from './verdicts.ts';

export interface Evidence {
  outcome: Outcome;
  context: StepContext;
  symptom: Symptom;
  /** The facts of the check that did not hold. */
  wrong: Judged;
  /** Something came before the silence: so the target was reached, and its answers came. */
  some: boolean;
  /** The step failed because something did not arrive at the other end: answers have nothing to do with it. */
  oneWay: boolean;
  here: Machine;
  all: readonly Machine[];
  /** The last target of the step, behind the ports that routers forward; absent where the step sent to nobody. */
  target?: Target;
  /** The host that has the target's address. */
  there?: Machine;
  /** The target as the step wrote it, and the forwarded ports that lead from there to the last target: mostly none. */
  asked?: Target;
  forwards: readonly ForwardedPort[];
  /** The step asks any server for a lease: routes, neighbours and the host's own address do not matter for that. */
  leasing?: PlannedInterface;
  /** The step's own address, and port (0 where there was no socket any more); undefined where it is not known. */
  local(): Promise<Endpoint | undefined>;
  /** Whether something of the step can be on its way: a step that sent nothing cannot lose it. */
  sends(): Promise<boolean>;
  /** The paths to the target, and from there back. Undefined where the tables do not tell, or nothing goes that way. */
  forth(): Promise<Path | undefined>;
  back(): Promise<Path | undefined>;
  /** The hosts on this path; empty where it is not known. */
  pathHosts(leg: Leg): Promise<PathHost[]>;
  /** Milliseconds since 1970: the step had waited long enough, and lanlab looks for its cause from then on. */
  began: number;
  /** The verdicts of cables on frames since the step began. */
  verdicts(): Promise<JudgedFrame[]>;
  /** The frames in the captures of this step; undefined where no host captured. */
  seen?: CapturedFrames;
}

/** Undefined where the step did not fail by silence or refusal, or where its failure is about somebody else. */
export async function gather(
  at: string,
  outcome: Outcome,
  checks: readonly Judged[],
  context: StepContext,
): Promise<Evidence | undefined> {
  const began = Date.now();
  const all = [...context.hosts.values()].map(machineOf);
  const here = all.find(({ name }) => name === at);
  const wrong = checks.find(({ held, incomplete }) => !held && !incomplete);
  const symptom = wrong && symptomOf(outcome, checks, wrong);
  if (!here || !symptom) return undefined;
  const asked = targetOf(outcome, here, all);
  const forwards = asked?.cast === 'one' ? forwardedPorts(asked, here, all) : [];
  if (!forwards) return undefined;
  const target = asked && { ...asked, ...forwards.at(-1)?.to };
  const there = target?.cast === 'one' ? await whoseIs(target.address, here, all) : undefined;
  if (there && !isAwaitedFrom(there, wrong, all)) return undefined;
  const leasing = outcome.leasing?.asks === 'anybody' ? outcome.leasing.card : undefined;
  const seen = seenFrames(context);
  // Bytes on an open connection go one way, as a datagram does.
  const open = target?.transport === 'udp' || outcome.tuple !== undefined;
  const evidence: Evidence = {
    ...{ outcome, context, symptom, wrong, here, all, forwards, began },
    some: wrong.kind === 'received' && wrong.came === 'part',
    oneWay: open && wrong.kind === 'seen',
    ...(target && asked && { target, asked }),
    ...(there && { there }),
    ...(leasing && { leasing }),
    ...(seen && { seen }),
    local: once(() => localOf(evidence)),
    sends: once(() => sends(evidence)),
    forth: once(() => forthOf(evidence)),
    back: once(() => backOf(evidence)),
    pathHosts: pathHostsOf(() => evidence),
    verdicts: once(() => verdictsSince(outcome.began, context)),
  };
  return evidence;
}

function whoseIs(address: string, here: Machine, all: readonly Machine[]): Promise<Machine | undefined> {
  return isLoopback(address) ? Promise.resolve(here) : ownerOf(address, all);
}

async function forthOf(evidence: Evidence): Promise<Path | undefined> {
  const { asked, forwards, here, all, leasing } = evidence;
  if (!asked || asked.cast === 'near') return undefined;
  if (leasing) return pathToServer(evidence, leasing, asked.address);
  return pathOf(here, asked.address, all, (router, address) => {
    return (
      forwards.find((one) => one.router === router && one.from.address === address)?.to.address ?? address
    );
  });
}

/** The path to the server on the same network; behind a relay, the path to the relay and from there to the server. */
async function pathToServer(
  { here, there, all }: Evidence,
  card: PlannedInterface,
  server: string,
): Promise<Path | undefined> {
  const relay = card.leased?.relay;
  if (relay === undefined) return pathOnLink(here, card, server, there);
  const machine = all.find(({ cards }) => cards.some((one) => addressesOf(one).includes(relay)));
  const first = pathOnLink(here, card, relay, machine);
  const rest = machine && (await pathOf(machine, server, all));
  return first && rest && { ...rest, hops: [...first.hops, ...rest.hops] };
}

/** On a connection, bytes that an earlier step sent may still be on their way. */
async function sends({ outcome, here }: Evidence): Promise<boolean> {
  const { sent, tuple } = outcome;
  if (sent !== false) return true;
  if (tuple?.transport !== 'tcp') return false;
  const socket = await unlessUnanswered(connectionAt(here, tuple.local, tuple.remote));
  return socket !== undefined && socket.sendQueue > 0;
}

async function backOf(evidence: Evidence): Promise<Path | undefined> {
  const { there, all, leasing, forth, oneWay } = evidence;
  if (!there || oneWay) return undefined;
  if (leasing) {
    const way = await forth();
    return way && { hops: way.hops.map(reversed), end: { at: 'target', machine: evidence.here } };
  }
  const asked = await questionAt(evidence);
  return (
    asked &&
    pathOf(there, asked.source.address, all, (router, address) => {
      return askedAs(asked.pathHosts, router, address)?.before.source.address ?? address;
    })
  );
}

/** The question's way to the target, and its source as the target saw it. */
async function questionAt(
  evidence: Evidence,
): Promise<{ pathHosts: PathHost[]; source: Endpoint } | undefined> {
  const { all, local, forth, pathHosts } = evidence;
  // Without a NAT the source is known without the way.
  if (!all.some(({ host }) => host.plan.nat)) {
    const source = await local();
    return source && { pathHosts: [], source };
  }
  if ((await forth())?.end.at !== 'target') return undefined;
  const known = await pathHosts('forth');
  const last = known.at(-1);
  return last && { pathHosts: known, source: last.after.source };
}

/** The connection's ends as the target's kernel has them; undefined where a NAT has chosen the port of this side. */
export async function ends(evidence: Evidence): Promise<{ ours: Endpoint; theirs: Endpoint } | undefined> {
  const { target, outcome } = evidence;
  if (!target || !outcome.tuple) return undefined;
  const asked = await questionAt(evidence);
  return !asked || asked.source.port === 0 ? undefined : { ours: asked.source, theirs: target };
}

function pathHostsOf(evidence: () => Evidence): Evidence['pathHosts'] {
  const forth = once(async (): Promise<PathHost[]> => {
    const { asked, forwards, local, here } = evidence();
    if (!asked) return [];
    if (asked.cast === 'near') return pathHostsToMany(here, asked);
    const [source, way] = [await local(), await evidence().forth()];
    if (!source || !way) return [];
    const sent: Ends = { source, destination: asked };
    return pathHostsForth(way, sent, forwards);
  });
  const back = once(async (): Promise<PathHost[]> => {
    const [asked, way, { target }] = [await questionAt(evidence()), await evidence().back(), evidence()];
    if (!asked || !way || !target) return [];
    const sent: Ends = { source: target, destination: asked.source };
    return pathHostsBack(way, sent, asked.pathHosts);
  });
  return (leg) => (leg === 'forth' ? forth() : back());
}

function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

async function localOf({ outcome, here, target, forth }: Evidence): Promise<Endpoint | undefined> {
  const known = outcome.tuple?.local ?? outcome.failure?.local;
  if (known && known.address !== '0.0.0.0' && known.address !== '::') return known;
  if (!target) return undefined;
  const [first] = (await forth())?.hops ?? [];
  const card = first?.out ?? here.cards[0];
  const address = card && sourceFor(card, target.address);
  return address === undefined ? undefined : { address, port: known?.port ?? 0 };
}

/** Whether a socket receives packets to this address. */
export function covers({ local, ipv6Only }: SocketState, address: string): boolean {
  const six = familyOf(address) === 'ipv6';
  if (local.address === '::') return six || !ipv6Only;
  return local.address === address || (local.address === '0.0.0.0' && !six);
}

/** The sockets of a host that wait for any peer. */
export async function waiting(machine: Machine, transport: 'tcp' | 'udp'): Promise<SocketState[]> {
  const state = transport === 'tcp' ? 'LISTEN' : 'UNCONN';
  return (await machine.sockets()).filter((one) => one.transport === transport && one.state === state);
}

/** The socket at a host that is one end of a connection. */
export async function connectionAt(
  machine: Machine,
  local: Endpoint,
  peer: Endpoint,
): Promise<SocketState | undefined> {
  const is = (one: Endpoint, other: Endpoint) => one.address === other.address && one.port === other.port;
  return (await machine.sockets()).find((one) => {
    return one.transport === 'tcp' && one.state !== 'LISTEN' && is(one.local, local) && is(one.peer, peer);
  });
}
