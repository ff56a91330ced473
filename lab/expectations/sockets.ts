/** The host's own kernel shows these sockets, by `ss`: states of RFC 9293 section 3.3.2, and what waits in their queues. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { SocketState } from '../agent/protocol.ts';
import type { LiveHost } from '../live/host.ts';
import { addressesOf } from '../model/planned.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { nearest } from '../scenario/hints/nearest.ts';
import { name } from '../scenario/values/values.ts';
import type { Reference } from '../scenario/vocabulary.ts';
import type { Card } from '../wire/timeline.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { hostsOf, readSocketLine, type SocketLine } from './sockets/line.ts';
import { matches, nearness, portsMeant, type Scope, showSocket } from './sockets/match.ts';

/** Milliseconds between two looks: a kernel tells nobody that a socket has changed its state. */
const AGAIN = 20;

const line = z
  .string()
  .transform((text, context): SocketLine => {
    const { line, problem } = readSocketLine(text);
    if (line) return line;
    const { message, allowed, word, column, length } = problem;
    const meant = word === undefined ? undefined : nearest(word, allowed ?? []);
    const hint = problem.hint ?? (meant && `did you mean \`${meant}\`?`);
    const part = { from: column - 1, length };
    context.addIssue({ code: 'custom', message, params: { hint, allowed, part } });
    return z.NEVER;
  })
  .meta({ description: 'A socket: "tcp alice > echo:9000 TIME-WAIT", "tcp echo:9000 LISTEN", in quotes.' });

const lines = (description: string) => z.array(line).min(1).exactOptional().meta({ description });

const look = z
  .strictObject({
    at: name
      .exactOptional()
      .meta({ description: 'The host whose table is read. The host of the step is the default.' }),
    has: lines('The table has a socket for each line.'),
    not: lines('The table has no such socket.'),
  })
  .superRefine((value, context) => {
    if (value.has || value.not) return;
    const params = { hint: 'write has or not' };
    context.addIssue({ code: 'custom', message: '`sockets` says nothing of any socket', params });
  });

/** The sockets of one host. */
type Look = z.output<typeof look>;

const list = z
  .array(z.union([line, look]))
  .min(1)
  .superRefine((items, context) => {
    const odd = items.findIndex((item) => isLine(item) !== isLine(items[0]));
    if (odd < 0) return;
    const params = { hint: 'put the lines under `has:` of a map' };
    context.addIssue({ code: 'custom', message: 'a list is of lines or of maps', path: [odd], params });
  });

function isLine(item: SocketLine | Look | undefined): item is SocketLine {
  return item !== undefined && 'transport' in item;
}

const schema = z.union([list, look]);

type Sockets = z.output<typeof schema>;

export const sockets: ExpectationKind<Sockets> = {
  word: 'sockets',
  summary:
    'The socket table of a host has these sockets (`has`), or none such (`not`). ' +
    "A line without ports, between the two hosts of the step's conversation, is about the socket of this conversation.",
  example:
    'expect: { sockets: [{ at: alice, has: ["tcp alice > echo TIME-WAIT"] }, { at: echo, not: ["tcp echo > alice"] }] }',
  schema,

  references(value) {
    if (!Array.isArray(value)) return ofLook(value, []);
    return value.flatMap((item, index) => (isLine(item) ? ofLine(item, [index]) : ofLook(item, [index])));
  },

  async check(value, outcome, step, context) {
    const looks = looksOf(value).map((one) => lookAt(one, outcome, step, context));
    return (await Promise.all(looks)).flat();
  },
};

function looksOf(value: Sockets): Look[] {
  if (!Array.isArray(value)) return [value];
  const own = value.filter(isLine);
  return own.length > 0 ? [{ has: own }] : value.filter((item): item is Look => !isLine(item));
}

function ofLook({ at, has = [], not = [] }: Look, path: (string | number)[]): Reference[] {
  return [
    ...(at === undefined ? [] : [{ path: [...path, 'at'], is: 'host' as const, value: at }]),
    ...has.flatMap((one, index) => ofLine(one, [...path, 'has', index])),
    ...not.flatMap((one, index) => ofLine(one, [...path, 'not', index])),
  ];
}

function ofLine(one: SocketLine, path: (string | number)[]): Reference[] {
  return hostsOf(one).map((value) => ({ path, is: 'cable' as const, value }));
}

/** All lines of a look are to be true at one moment, and to stay so for as long as the step says. */
async function lookAt(
  { at, has = [], not = [] }: Look,
  outcome: Outcome,
  step: Step,
  context: StepContext,
): Promise<Check[]> {
  const host = context.hosts.get(at ?? step.at);
  if (!host) throw new Error(`no host ${at ?? step.at}`);
  const scope = scopeOf(outcome, context);
  const wanted = [
    ...has.map((one) => ({ line: one, there: true })),
    ...not.map((one) => ({ line: one, there: false })),
  ];
  const deadline = performance.now() + patience(step);
  let since: number | undefined;
  for (;;) {
    const found = await host.agent.sockets();
    const checks = wanted.map(({ line, there }) => judge(line, there, found, host, scope));
    const held = checks.every((check) => check.held);
    const now = performance.now();
    since = held ? (since ?? now) : undefined;
    if (since !== undefined && now - since >= (step.for ?? 0)) return checks;
    if (now >= deadline && since === undefined) return checks;
    await delay(AGAIN);
  }
}

function judge(line: SocketLine, there: boolean, found: SocketState[], host: LiveHost, scope: Scope): Check {
  const ours = found.filter((socket) => matches(line, socket, scope));
  const facts = { kind: 'sockets', at: host.name } as const;
  const what = `socket at ${host.name}: ${line.text}`;
  if (there && ours[0]) return { ...facts, what: `${what} (${showSocket(ours[0])})`, held: true };
  const ports = portsMeant(line, scope);
  const which = ports ? ` (this conversation's: port ${ports.join(' > ')})` : '';
  if (!there && !ours[0]) return { ...facts, what: `no ${what}${which}`, held: true };
  if (!there)
    return {
      ...facts,
      what: `no ${what}`,
      held: false,
      expected: 'no such socket',
      found: ours.map(showSocket).join(', '),
    };
  const nearest = showNearest(line, found, host, scope);
  return { ...facts, what, held: false, expected: `${line.text}${which}`, found: nearest };
}

function showNearest(line: SocketLine, found: SocketState[], host: LiveHost, scope: Scope): string {
  const scored = found
    .filter(({ transport }) => transport === line.transport)
    .map((socket) => ({ socket, score: nearness(line, socket, scope).held }))
    .toSorted((a, b) => b.score - a.score);
  const [best] = scored;
  if (!best) return `${host.name} has no ${line.transport} socket`;
  return `nearest at ${host.name}: ${scored
    .filter(({ score }) => score === best.score)
    .slice(0, 3)
    .map(({ socket }) => showSocket(socket))
    .join(', ')}`;
}

function scopeOf({ tuple, failure }: Outcome, { hosts }: StepContext): Scope {
  const cards = [...hosts.values()].flatMap(({ name, plan }) =>
    plan.interfaces.map((one): Card => ({ ...one, host: name, addresses: addressesOf(one) })),
  );
  if (!tuple || failure) return { cards };
  return { cards, bound: { transport: tuple.transport, ends: [tuple.local, tuple.remote] } };
}
