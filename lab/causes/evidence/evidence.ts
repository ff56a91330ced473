/** The evidence of one failed step: what was asked of whom, how it failed, and the hosts and frames to look at. */

import type { Endpoint } from '../../agent/endpoint.ts';
import type { SocketState } from '../../agent/protocol.ts';
import { familyOf } from '../../model/address.ts';
import type { PlannedInterface } from '../../model/planned.ts';
import type { Judged } from '../../outcomes/check.ts';
import type { StepContext } from '../../outcomes/context.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { ownerOf } from './address-owner.ts';
import { type ForwardedPort, forwardedPorts } from './forwarded-ports.ts';
import { type How, howOf, isAwaitedFrom } from './how-it-failed.ts';
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
import { sourceFor, type Target, targetOf } from './target.ts';
import { unlessUnanswered } from './unanswered.ts';
import { type JudgedFrame, verdictsSince } from './verdicts.ts';

export interface Evidence {
  outcome: Outcome;
  context: StepContext;
  how: How;
  /** The facts of the check that did not hold. */
  wrong: Judged;
  /** Something came before the silence: whom it was asked of has heard, and can be heard. */
  some: boolean;
  /** It is about what did not arrive at the other end: what happens to answers has nothing to do with it. */
  oneWay: boolean;
  here: Machine;
  all: readonly Machine[];
  /** To whom the step spoke in the end, behind the ports that routers forward; absent where it spoke to nobody. */
  target?: Target;
  /** The host whose address that is. */
  there?: Machine;
  /** To whom it did by its own words, and how that leads to the target: by no router, mostly. */
  asked?: Target;
  forwards: readonly ForwardedPort[];
  /** It asks for a lease, of whoever hears it: routes, neighbours and its own address have no part in that. */
  leasing?: PlannedInterface;
  /** Our own address, and port (0 where there was no socket any more); undefined where it cannot be told. */
  local(): Promise<Endpoint | undefined>;
  /** Something of it can be on its way: what a step did not send cannot be lost. */
  sends(): Promise<boolean>;
  /** To the target, and from there back to us. Undefined where the tables do not tell, or nothing goes that way. */
  forth(): Promise<Path | undefined>;
  back(): Promise<Path | undefined>;
  /** The hosts on that way; none where it is not known. */
  pathHosts(leg: Leg): Promise<PathHost[]>;
  /** What cables did to frames since the step began. */
  verdicts(): Promise<JudgedFrame[]>;
  /** What captures of this step show; undefined where none was taken. */
  seen?: CapturedFrames;
}

/** Undefined where the step did not fail by silence or refusal, or where its failure is about somebody else. */
export async function gather(
  at: string,
  outcome: Outcome,
  checks: readonly Judged[],
  context: StepContext,
): Promise<Evidence | undefined> {
  const all = [...context.hosts.values()].map(machineOf);
  const here = all.find(({ name }) => name === at);
  const wrong = checks.find(({ held }) => !held);
  const how = wrong && howOf(outcome, checks, wrong);
  if (!here || !how) return undefined;
  const asked = targetOf(outcome, here, all);
  const forwards = asked?.cast === 'one' ? forwardedPorts(asked, here, all) : [];
  if (!forwards) return undefined;
  const target = asked && { ...asked, ...forwards.at(-1)?.to };
  const there = target?.cast === 'one' ? await whoseIs(target.address, here, all) : undefined;
  if (there && !isAwaitedFrom(there, wrong, all)) return undefined;
  const leasing = outcome.leasing?.asks === 'anybody' ? outcome.leasing.card : undefined;
  const seen = seenFrames(context);
  // What is sent on a connection that is open goes one way, as a datagram does.
  const open = target?.transport === 'udp' || outcome.tuple !== undefined;
  const evidence: Evidence = {
    ...{ outcome, context, how, wrong, here, all, forwards },
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
  const { asked, forwards, here, there, all, leasing } = evidence;
  if (!asked || asked.cast === 'near') return undefined;
  if (leasing) return pathOnLink(here, leasing, asked.address, there);
  return pathOf(here, asked.address, all, (router, address) => {
    return (
      forwards.find((one) => one.router === router && one.from.address === address)?.to.address ?? address
    );
  });
}

/** Of a connection, what an earlier step sent may still be on its way. */
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

/** How the question came to the target: from whom, as its host saw it. */
async function questionAt(
  evidence: Evidence,
): Promise<{ pathHosts: PathHost[]; source: Endpoint } | undefined> {
  const { all, local, forth, pathHosts } = evidence;
  // Where no NAT is, there is no need to know the way.
  if (!all.some(({ host }) => host.plan.nat)) {
    const source = await local();
    return source && { pathHosts: [], source };
  }
  if ((await forth())?.end.at !== 'target') return undefined;
  const known = await pathHosts('forth');
  const last = known.at(-1);
  return last && { pathHosts: known, source: last.after.source };
}

/** Our connection's ends as the target's kernel has them; undefined where a NAT has chosen our port. */
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

/** Whether a socket takes what is sent to this address. */
export function covers({ local, ipv6Only }: SocketState, address: string): boolean {
  const six = familyOf(address) === 'ipv6';
  if (local.address === '::') return six || !ipv6Only;
  return local.address === address || (local.address === '0.0.0.0' && !six);
}

/** The sockets of a host that wait for whoever comes. */
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
