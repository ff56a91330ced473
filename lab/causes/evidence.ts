/** The evidence of one failed step: what was asked of whom, how it failed, and the hosts and frames to look at. */
import type { Endpoint, SocketState } from '../agent/protocol.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import { familyOf } from '../scenario/address.ts';
import type { PlannedInterface } from '../scenario/planned.ts';
import type { Step } from '../scenario/types.ts';
import { type How, howOf, isAwaitedFrom, isSighting } from './how.ts';
import { type Led, ledFrom } from './led.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Seen, seenFrames } from './seen-frames.ts';
import {
  askedAs,
  type Ends,
  type Leg,
  type Station,
  stationsBack,
  stationsForth,
  stationsToMany,
} from './station.ts';
import { leasedCard, owner, sourceFor, type Target, targetOf } from './target.ts';
import { reversed, type Way, wayOf, wayOnLink } from './way.ts';

export interface Evidence {
  step: Step;
  outcome: Outcome;
  context: StepContext;
  how: How;
  /** It is about a datagram that did not arrive: what happens to answers has nothing to do with it. */
  oneWay: boolean;
  here: Machine;
  all: readonly Machine[];
  /** To whom the step spoke in the end, behind the ports that routers forward; absent where it spoke to nobody. */
  target?: Target;
  /** The host whose address that is. */
  there?: Machine;
  /** To whom it did by its own words, and how that leads to the target: by no router, mostly. */
  asked?: Target;
  led: readonly Led[];
  /** It asks for a lease, of whoever hears it: routes, neighbours and its own address have no part in that. */
  leasing?: PlannedInterface;
  /** Our own address, and port (0 where there was no socket any more). */
  local(): Promise<Endpoint>;
  /** To the target, and from there back to us. They reject where nothing can be said of them. */
  forth(): Promise<Way>;
  back(): Promise<Way>;
  /** The hosts on that way. */
  stations(leg: Leg): Promise<Station[]>;
  /** What captures of this step show; undefined where none was taken. */
  seen?: Seen;
}

/** Undefined where the step did not fail by silence or refusal. */
export async function gather(
  step: Step,
  outcome: Outcome,
  checks: readonly Check[],
  context: StepContext,
): Promise<Evidence | undefined> {
  const all = [...context.hosts.values()].map(machineOf);
  const here = all.find(({ name }) => name === step.at);
  const wrong = checks.find(({ held }) => !held);
  const how = wrong && howOf(outcome, checks, wrong);
  if (!here || !how) return undefined;
  const asked = targetOf(step, outcome, context);
  const led = asked?.cast === 'one' ? ledFrom(asked, here, all) : [];
  const target = asked && { ...asked, ...led.at(-1)?.to };
  const there = target?.cast === 'one' ? await owner(target.address, here, all) : undefined;
  if (there && !isAwaitedFrom(there, wrong, all)) return undefined;
  const leasing = leasedCard(step, context);
  const seen = seenFrames(context);
  const oneWay = target?.transport === 'udp' && isSighting(wrong);
  const found = { step, outcome, context, how, oneWay, here, all, led };
  const some = { ...(target && { target, asked }), ...(there && { there }), ...(leasing && { leasing }) };
  const evidence: Evidence = {
    ...found,
    ...some,
    ...(seen && { seen }),
    local: once(() => localOf(evidence)),
    forth: once(() => forthOf(evidence)),
    back: once(() => backOf(evidence)),
    stations: stationsOf(() => evidence),
  };
  return evidence;
}

async function forthOf({ asked, led, here, there, all, leasing }: Evidence): Promise<Way> {
  if (asked?.cast !== 'one') throw new Error('no single target');
  if (leasing) return wayOnLink(here, leasing, asked.address, there);
  return wayOf(here, asked.address, all, (router, address) => {
    return led.find((one) => one.router === router && one.from.address === address)?.to.address ?? address;
  });
}

async function backOf(evidence: Evidence): Promise<Way> {
  const { there, all, leasing, forth } = evidence;
  if (!there || evidence.oneWay) throw new Error('no answer is waited for');
  if (leasing)
    return { hops: (await forth()).hops.map(reversed), end: { at: 'target', machine: evidence.here } };
  const { stations, source } = await questionAt(evidence);
  return wayOf(there, source.address, all, (router, address) => {
    return askedAs(stations, router, address)?.before.source.address ?? address;
  });
}

/** How the question came to the target: from whom, as its host saw it. */
async function questionAt(evidence: Evidence): Promise<{ stations: Station[]; source: Endpoint }> {
  const { all, local, forth, stations } = evidence;
  // Where no NAT is, there is no need to know the way.
  if (!all.some(({ host }) => host.plan.nat)) return { stations: [], source: await local() };
  if ((await forth()).end.at !== 'target') throw new Error('it does not come there');
  const known = await stations('forth');
  return { stations: known, source: known.at(-1)!.after.source };
}

/** Our connection's ends as the target's kernel has them; undefined where a NAT has chosen our port. */
export async function ends(evidence: Evidence): Promise<{ ours: Endpoint; theirs: Endpoint } | undefined> {
  const { target, outcome } = evidence;
  if (!target || !outcome.tuple) return undefined;
  const { source } = await questionAt(evidence);
  return source.port === 0 ? undefined : { ours: source, theirs: target };
}

function stationsOf(evidence: () => Evidence): Evidence['stations'] {
  const forth = once(async () => {
    const { asked, led, local, here } = evidence();
    if (asked?.cast === 'many') return stationsToMany(here, asked);
    const sent: Ends = { source: await local(), destination: asked! };
    return stationsForth(await evidence().forth(), sent, led);
  });
  const back = once(async () => {
    const { stations, source } = await questionAt(evidence());
    const sent: Ends = { source: evidence().target!, destination: source };
    return stationsBack(await evidence().back(), sent, stations);
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

async function localOf({ outcome, here, target, forth }: Evidence): Promise<Endpoint> {
  const known = outcome.tuple?.local ?? outcome.failure?.local;
  if (known && known.address !== '0.0.0.0' && known.address !== '::') return known;
  if (!target) throw new Error('it spoke to nobody');
  const [first] = (await forth()).hops;
  const card = first?.out ?? here.cards[0];
  if (!card) throw new Error('it has no card');
  return { address: sourceFor(card, target.address)!, port: known?.port ?? 0 };
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
