/** The evidence of one failed step: what was asked of whom, how it failed, and the hosts and frames to look at. */
import type { Endpoint, SocketState } from '../agent/protocol.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import { type Family, familyOf } from '../scenario/address.ts';
import { addressesOf, addressOf, type PlannedInterface } from '../scenario/planned.ts';
import type { Step } from '../scenario/types.ts';
import { type How, howOf, isAwaitedFrom, isSighting } from './how.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Seen, seenFrames } from './seen-frames.ts';
import { isLoopback, isMulticast } from './subnet.ts';
import { type Way, wayOf } from './way.ts';

export interface Target {
  transport: 'tcp' | 'udp' | 'icmp';
  address: string;
  /** 0 where it has none. */
  port: number;
  /** One host, or several of a network. */
  cast: 'one' | 'many';
}

export interface Evidence {
  step: Step;
  outcome: Outcome;
  context: StepContext;
  how: How;
  /** It is about a datagram that did not arrive: what happens to answers has nothing to do with it. */
  oneWay: boolean;
  here: Machine;
  all: readonly Machine[];
  /** To whom the step spoke; absent where it spoke to nobody. */
  target?: Target;
  /** The host whose address that is. */
  there?: Machine;
  /** Our own address, and port (0 where there was no socket any more). */
  local(): Promise<Endpoint>;
  /** To the target, and from there back to us. They reject where nothing can be said of them. */
  forth(): Promise<Way>;
  back(): Promise<Way>;
  /** What captures of this step show; undefined where none was taken. */
  seen?: Seen;
}

/** Ports that a step means where it names none. */
const DEFAULT_PORTS: Record<string, number> = { ntp: 123, ping: 0 };
const DEFAULT_PORT = 9000;
const TRANSPORTS: Record<string, Target['transport']> = { udp: 'udp', ntp: 'udp', chat: 'udp', ping: 'icmp' };

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
  const target = targetOf(step, outcome, context);
  const there = target?.cast === 'one' ? await owner(target.address, here, all) : undefined;
  if (there && !isAwaitedFrom(there, wrong, all)) return undefined;
  const seen = seenFrames(context);
  const evidence: Evidence = {
    step,
    outcome,
    context,
    how,
    oneWay: target?.transport === 'udp' && isSighting(wrong),
    here,
    all,
    ...(target && { target }),
    ...(there && { there }),
    ...(seen && { seen }),
    local: once(() => localOf(evidence)),
    forth: once(async () => {
      if (target?.cast !== 'one') throw new Error('no single target');
      return wayOf(here, target.address, all);
    }),
    back: once(async () => {
      if (!there || evidence.oneWay) throw new Error('no answer is waited for');
      return wayOf(there, (await evidence.local()).address, all);
    }),
  };
  return evidence;
}

function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

function targetOf(step: Step, { tuple }: Outcome, context: StepContext): Target | undefined {
  const transport = TRANSPORTS[step.kind] ?? 'tcp';
  if (tuple)
    return { ...tuple.remote, transport: tuple.transport, cast: castOf(tuple.remote.address, context) };
  const { to, family } = (step.args ?? {}) as { to?: unknown; family?: Family };
  if (typeof to !== 'string') return undefined;
  const { address, port } = context.resolve(to, DEFAULT_PORTS[step.kind] || DEFAULT_PORT, family);
  return { transport, address, port: transport === 'icmp' ? 0 : port, cast: castOf(address, context) };
}

function castOf(address: string, { hosts }: StepContext): Target['cast'] {
  const broadcasts = [...hosts.values()].flatMap(({ plan }) => plan.interfaces.flatMap(broadcastsOf));
  const many = [...broadcasts, '255.255.255.255'].includes(address) || isMulticast(address);
  return many ? 'many' : 'one';
}

export function broadcastsOf({ addresses }: PlannedInterface): string[] {
  return addresses.flatMap(({ broadcast }) => broadcast ?? []);
}

/** By the plan first; what an earlier step added is known to the kernels. */
async function owner(address: string, here: Machine, all: readonly Machine[]): Promise<Machine | undefined> {
  if (isLoopback(address)) return here;
  const planned = all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
  if (planned) return planned;
  const states = await Promise.all(all.map((machine) => machine.interfaces().catch(() => [])));
  return all.find((_, index) =>
    states[index]!.some((card) => card.addresses.some((one) => one.address === address)),
  );
}

async function localOf({ outcome, here, target, forth }: Evidence): Promise<Endpoint> {
  const known = outcome.tuple?.local ?? outcome.failure?.local;
  if (known && known.address !== '0.0.0.0' && known.address !== '::') return known;
  if (!target) throw new Error('it spoke to nobody');
  const [first] = (await forth()).hops;
  const card = first?.out ?? here.cards[0];
  if (!card) throw new Error('it has no card');
  const own = addressOf(card, familyOf(target.address)) ?? card.addresses[0]!;
  return { address: own.address, port: known?.port ?? 0 };
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
