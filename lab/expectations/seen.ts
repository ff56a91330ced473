/** The server's own observation: an event of the named host, from exactly this step's address and port. */
import { z } from 'zod';
import type { Endpoint } from '../agent/endpoint.ts';
import type { HostEvent } from '../agent/protocol.ts';
import type { EventLog } from '../live/events.ts';
import { forwardsOf } from '../model/forwards.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import { type Conversation, conversationKey } from '../outcomes/conversation.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { showEndpoint } from '../outcomes/show.ts';
import { name, port, size } from '../scenario/values/values.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { cameOf, isFrom, nearest, type Sought, showEvent } from './sighting.ts';

/** The events of programs and of the agent's listeners. Only some programs report the last ones. */
const EVENTS = [
  'accept',
  'receive',
  'send',
  'end',
  'close',
  'reset',
  'login',
  'logout',
  'join',
  'part',
  'refuse',
  'ignore',
] as const;

const long = z.strictObject({
  by: name.describe('The host whose events are read.'),
  event: z
    .enum(EVENTS)
    .exactOptional()
    .describe(
      'The event that its program or listener reported. By default `accept` for a new connection, else `receive`.',
    ),
  text: z.string().exactOptional().describe('The event has exactly this text.'),
  bytes: size.exactOptional().describe('The event has exactly so many bytes.'),
  count: z
    .int()
    .min(1, '`count` is at least 1: absence needs more than an empty log')
    .exactOptional()
    .describe('How many such events there are, exactly.'),
  from: name
    .exactOptional()
    .describe('A router whose NAT hides the client: the server saw the address of this router.'),
  peer_port: port.exactOptional().describe('The port of the client, as the server saw it.'),
  apart_from: name
    .exactOptional()
    .describe('Another conversation of the client: the server saw the same address, but another port.'),
});

/** One look at a host's own events. */
type WrittenSeen = z.output<typeof long>;

const one = z.union([z.string().transform((by): WrittenSeen => ({ by })), long]);

export const seen: ExpectationKind<WrittenSeen | WrittenSeen[]> = {
  word: 'seen',
  summary:
    'Another host saw this step: its program or its listener reported it. ' +
    'Both addresses and both ports must be those of the step, since the step began.',
  example: 'expect: { seen: { by: echo, event: receive, text: hello } }',
  schema: z.union([z.array(one).min(1), one]),

  references(value) {
    const path = (index: number, key: string) => (Array.isArray(value) ? [index, key] : [key]);
    return [value]
      .flat()
      .flatMap((look, index) => [
        { path: path(index, 'by'), is: 'host' as const, value: look.by },
        ...(look.from === undefined
          ? []
          : [{ path: path(index, 'from'), is: 'host' as const, value: look.from }]),
        ...(look.apart_from === undefined
          ? []
          : [{ path: path(index, 'apart_from'), is: 'conversation' as const, value: look.apart_from }]),
      ]);
  },

  async check(value, outcome, step, context) {
    const deadline = performance.now() + patience(step);
    const looks = [value].flat().map((look) => lookFor(look, outcome, step.for, deadline, context));
    return (await Promise.all(looks)).flat();
  },
};

async function lookFor(
  look: WrittenSeen,
  outcome: Outcome,
  hold: number | undefined,
  deadline: number,
  context: StepContext,
): Promise<Check[]> {
  const sought = soughtBy(look, outcome, context);
  const checks = [await find(look, sought, hold, deadline, outcome, context)];
  if (look.apart_from !== undefined) checks.push(apart(look.apart_from, look.by, outcome, context));
  return checks;
}

function soughtBy(look: WrittenSeen, outcome: Outcome, context: StepContext): Sought {
  const { tuple } = outcome;
  const inside = look.text !== undefined || look.bytes !== undefined;
  const opening = outcome.opened === true && tuple?.transport === 'tcp' && !inside;
  return {
    event: look.event ?? (opening ? 'accept' : 'receive'),
    // Without a conversation of its own (a command run), a step's evidence is what came from its host.
    peer: peersOf(look, outcome, context),
    peerPort: look.peer_port,
    local: tuple && behind(tuple, context),
    since: outcome.began - uncertaintyAt(look.by, context),
    text: look.text,
    bytes: look.bytes,
  };
}

/** Milliseconds by which the times of a host's events may be wrong. */
function uncertaintyAt(host: string, { hosts }: StepContext): number {
  return (hosts.get(host)?.clock?.uncertainty() ?? 0) / 1e6;
}

function peersOf({ from }: WrittenSeen, { tuple }: Outcome, context: StepContext): Sought['peer'] {
  // A NAT chooses the port.
  const { plan } = from === undefined ? context.host : context.hosts.get(from)!;
  return tuple && from === undefined ? [tuple.local] : plan.interfaces.flatMap(({ addresses }) => addresses);
}

/** The server's own end: for a port that routers' NATs lead inside, the one inside. */
function behind(
  { transport, remote }: NonNullable<Outcome['tuple']>,
  { host, hosts }: StepContext,
): Endpoint {
  const plans = [...hosts.values()].map(({ plan }) => plan);
  const inside = forwardsOf(plans, { transport, ...remote }, host.name).at(-1);
  return inside ? { address: inside.to, port: inside.toPort } : remote;
}

async function find(
  look: WrittenSeen,
  sought: Sought,
  hold: number | undefined,
  deadline: number,
  { tuple }: Outcome,
  context: StepContext,
): Promise<Check> {
  const log = context.hosts.get(look.by)!.events;
  const matching: HostEvent[] = [];
  let place = 0;
  const next = async (until: number) => {
    const left = Math.max(0, until - performance.now());
    const found = await log.next((event) => isFrom(event, sought), place, left);
    if (!found) return undefined;
    place = found.place;
    matching.push(found.event);
    return found.event;
  };
  const wanted = look.count ?? 1;
  while (matching.length < wanted && (await next(deadline)));
  const times = look.count === undefined ? '' : ` ${look.count} times`;
  const facts = { kind: 'seen', by: look.by } as const;
  const expected = describe(sought) + times;
  const missed = { ...facts, what: `seen by ${look.by}`, held: false, expected };
  const some = matching.length > 0 ? `only ${matching.length}; ` : '';
  if (matching.length < wanted) {
    const found = some + nearest(log.all(), sought);
    const came = matching.length > 0 ? 'part' : cameOf(log.all(), sought);
    const counted = look.count !== undefined && { absence: true as const };
    return { ...missed, ...counted, came, found, ...unsure(log, sought.since, look.by) };
  }
  if (look.count === undefined) return shown(look.by, times, matching, tuple);
  const extra = await next(performance.now() + (hold ?? 0));
  if (extra) return { ...missed, came: 'more', found: `more: ${showEvent(extra)}` };
  const lacking = unsure(log, sought.since, look.by);
  if (lacking) return { ...missed, came: 'all', found: `${wanted} so far`, ...lacking };
  return { ...shown(look.by, times, matching, tuple), absence: true };
}

function shown(by: string, times: string, [first]: readonly HostEvent[], tuple: Outcome['tuple']): Check {
  const what = (ends: boolean) => `seen by ${by}${times}: ${showEvent(first!, ends)}`;
  const own = { kind: 'seen', by, came: 'all', held: true, what: what(true) } as const;
  return isBetween(first!, tuple) ? { ...own, brief: what(false) } : own;
}

/** The event's two ends are those that the step itself names. */
function isBetween({ peer, local }: HostEvent, tuple: Outcome['tuple']): boolean {
  const isSame = (one: Endpoint | undefined, other: Endpoint) =>
    one?.address === other.address && one.port === other.port;
  return tuple !== undefined && isSame(peer, tuple.local) && isSame(local, tuple.remote);
}

/** Where events are missing none can be said to be absent. */
function unsure(log: EventLog, since: number, by: string): { incomplete: true; why: string } | undefined {
  const missing = log.missing(since);
  if (missing === 0) return undefined;
  const why = `${missing} events of ${by} are missing: they came faster than they could be read or kept`;
  return { incomplete: true, why };
}

function describe(sought: Sought): string {
  const port = sought.peerPort;
  const peers = sought.peer.map((peer) => {
    const at = { address: peer.address, port: port ?? peer.port ?? 0 };
    return at.port ? showEndpoint(at) : at.address;
  });
  const to = sought.local ? ` at ${showEndpoint(sought.local)}` : '';
  const text = sought.text === undefined ? '' : ` ${JSON.stringify(sought.text)}`;
  const bytes = sought.bytes === undefined ? '' : ` ${sought.bytes} bytes`;
  return `${sought.event}${text}${bytes} from ${peers.join(' or ')}${to}`;
}

/** Both conversations, as the server saw them: the same address, two ports. */
function apart(other: string, by: string, outcome: Outcome, context: StepContext): Check {
  const conversation = context.named.get(conversationKey(context.host.name, other));
  const ours = outcome.tuple?.local;
  const theirs = conversation?.local;
  const log = context.hosts.get(by)?.events;
  const sighting = theirs && log?.all((event) => isPeer(event, theirs)).at(0);
  const facts = { kind: 'seen', by } as const;
  const what = `seen by ${by}: one address, another port than that of ${other}`;
  if (!ours || !sighting?.peer) {
    const expected = `${other} was seen too`;
    return { ...facts, came: 'other', what, held: false, expected, found: showOther(conversation) };
  }
  const found = `${showEndpoint(ours)} and ${showEndpoint(sighting.peer)}`;
  const held = ours.address === sighting.peer.address && ours.port !== sighting.peer.port;
  if (held) return { ...facts, came: 'all', what: `${what}: ${found}`, held };
  return { ...facts, came: 'other', what, held, expected: 'two ports', found };
}

function isPeer(event: HostEvent, peer: Endpoint): boolean {
  return event.peer?.address === peer.address && event.peer.port === peer.port;
}

function showOther(conversation: Conversation | undefined): string {
  return conversation ? `no event from ${showEndpoint(conversation.local)}` : 'it is not open';
}
