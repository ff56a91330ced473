/** ICMP echo requests, by the host's own ping. RFC 792, RFC 4443. */
import { z } from 'zod';
import { patient } from '../agent/patience.ts';
import type { NetworkFailureData } from '../agent/protocol.ts';
import { type Condition, compare } from '../expectations/condition.ts';
import { addressesOf } from '../model/planned.ts';
import type { Step } from '../model/types.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { answerOf, attempt, begin } from '../outcomes/outcome.ts';
import { showBytes, showTime } from '../outcomes/show.ts';
import { duration, endpoint, family } from '../scenario/values/values.ts';
import { giveUpAfter, reference } from './arguments.ts';
import type { PingError } from './ping-error.ts';
import { type Pinged, readPing } from './ping-output.ts';
import type { StepKind } from './step.ts';

/** Seconds between two echo requests: the least that an ordinary user may ask for. */
const INTERVAL = 0.2;
/** Milliseconds to wait for the last answer. */
const GIVE_UP = 2000;

const schema = z.strictObject({
  to: endpoint.describe('The host or the address that is asked. A port has no meaning here.'),
  family: family.exactOptional(),
  count: z
    .int()
    .min(1)
    .max(100)
    .exactOptional()
    .describe('How many requests it sends, five a second. 1 is the default.'),
  ttl: z
    .int()
    .min(1)
    .max(255)
    .exactOptional()
    .describe('The time to live (hop limit) of the requests, 1 to 255.'),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the last answer, in whole seconds (2s by default).'),
});

type PingArgs = z.output<typeof schema>;

export const ping: StepKind<PingArgs> = {
  word: 'ping',
  summary:
    'Sends ICMP echo requests. ' +
    'The field rtt is the mean, in milliseconds. ' +
    'An ICMP error in place of the answer fails as `unreachable`, no answer fails as `timeout`.',
  example: 'ping: { to: echo, count: 3 }',
  fields: ['sent', 'received', 'rtt'],
  schema,

  references: (args) =>
    reference('to', 'target', args.to, {
      family: args.family,
      single: 'hosts do not answer an echo request to everybody (RFC 1122 section 3.2.2.6)',
    }),

  needs: () => ['ping'],

  explain: (args, step) => `${step.at} pings ${args.to}`,

  async run(args, step, context) {
    // A port is of no use to ICMP; it only completes the endpoint.
    const { address } = context.resolve(args.to, 7, args.family);
    const outcome = begin(`ping ${context.host.name} > ${address}`);
    outcome.target = { transport: 'icmp', address, port: 0 };
    if (args.ttl !== undefined) outcome.ttl = args.ttl;
    return attempt(outcome, async () => {
      const limit = saysNone(step) ? (args.give_up ?? GIVE_UP) : giveUpAfter(args, step, GIVE_UP);
      const began = performance.now();
      const result = await context.host.agent.exec({
        argv: argvOf({ ...args, give_up: limit }, address),
        env: { LC_ALL: 'C' },
        giveUp: giveUpOf({ ...args, give_up: limit }) + patient(5000),
      });
      const output = Buffer.concat([result.stdout, result.stderr]);
      outcome.answer = answerOf(result.stdout);
      const pinged = readPing(output.toString());
      if (pinged) conclude(named(pinged, context), performance.now() - began, outcome, step);
      else outcome.checks.push(noSummary(output, outcome));
    });
  },
};

/** The command that pings an address. */
export function argvOf(args: Omit<PingArgs, 'to' | 'family'>, address: string): string[] {
  const wait = String(Math.max(1, Math.ceil((args.give_up ?? GIVE_UP) / 1000)));
  const ttl = args.ttl === undefined ? [] : ['-t', String(args.ttl)];
  return ['ping', '-n', '-c', String(args.count ?? 1), '-i', String(INTERVAL), '-W', wait, ...ttl, address];
}

/** Milliseconds after which the last answer may be waited for no more. */
export function giveUpOf(args: Omit<PingArgs, 'to' | 'family'>): number {
  return (args.count ?? 1) * INTERVAL * 1000 + (args.give_up ?? GIVE_UP);
}

function noSummary(output: Buffer, outcome: Outcome): Check {
  const told = { what: outcome.did, expected: 'the summary of ping', found: showBytes(output) };
  return { kind: 'action', held: false, ...told };
}

/** Who said that there is no way, by its host's name. */
function named(pinged: Pinged, { hosts }: StepContext): Pinged {
  const { error } = pinged;
  const from = error?.from;
  if (from === undefined) return pinged;
  const host = [...hosts.values()].find(({ plan }) =>
    plan.interfaces.some((card) => addressesOf(card).includes(from)),
  );
  return { ...pinged, error: { ...error!, from: host?.name ?? from } };
}

/** What ping counted, as part of the outcome: no answer at all is the network's failure. */
export function conclude(pinged: Pinged, after: number, outcome: Outcome, step: Step): void {
  const { sent, received, rtt } = pinged;
  outcome.fields = { sent, received, ...(rtt !== undefined && { rtt }) };
  outcome.did += sent === 0 ? ', nothing sent' : `, ${received} of ${sent} answered`;
  outcome.did += rtt === undefined ? '' : `, ${showTime(rtt)}`;
  if (received > 0) outcome.checks.push(...allAnswered(pinged, outcome, step));
  else if (saysNone(step)) outcome.did += pinged.error ? `: ${showError(pinged.error)}` : '';
  else outcome.failure = noAnswer(pinged, after);
}

/** The failure that no answer at all is; `after` in milliseconds. A timeout is where nothing came in its place either. */
export function noAnswer({ error }: Pick<Pinged, 'error'>, after: number): NetworkFailureData {
  const { kind, errno, syscall } = error ?? { kind: 'timeout', errno: 'ETIMEDOUT', syscall: 'ping' };
  const message = `ping: no echo reply: ${error ? showError(error) : 'nothing came'}`;
  return { kind, errno, syscall, message, after };
}

/** `time to live exceeded, from rr` */
function showError({ says, from }: PingError): string {
  return from === undefined ? says : `${says}, from ${from}`;
}

/** Every request must be answered, unless the step itself says how many. */
function allAnswered({ sent, received, error }: Pinged, outcome: Outcome, step: Step): Check[] {
  if (claimed(step) || received === sent) return [];
  const why = error && { why: showError(error) };
  const told = { what: outcome.did, expected: `${sent} answers`, found: String(received), ...why };
  return [{ kind: 'received', came: 'part', held: false, ...told }];
}

/** That nothing answers is what the step claims, in numbers; with `fails:` it also claims how. */
function saysNone(step: Step): boolean {
  const condition = claimed(step);
  return (
    condition !== undefined && compare(condition, 0) && !step.expect.some(({ kind }) => kind === 'fails')
  );
}

/** What the step says of how many answer. */
function claimed({ expect }: Step): Condition | undefined {
  const fields = expect.filter(({ kind }) => kind === 'fields');
  return fields.map(({ value }) => (value as { received?: Condition }).received).find(Boolean);
}
