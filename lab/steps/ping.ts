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
import { type Pinged, readPing, spreadOf } from './ping-output.ts';
import type { StepKind } from './step.ts';

/** Seconds between two echo requests: the least that an ordinary user may ask for. */
const INTERVAL = 0.2;
/** Milliseconds to wait for the last answer. */
const GIVE_UP = 2000;
/** Bytes of data that ping sends where nobody says how many. */
const SIZE = 56;
/** 65,535 bytes of an IPv4 packet (RFC 791) without its own header of 20 and the 8 of ICMP. */
const MOST = 65_507;

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
  size: z
    .int()
    .min(0)
    .max(MOST)
    .exactOptional()
    .describe(
      `Bytes of data in each request, 0 to ${MOST} (${SIZE} by default). ` +
        'ICMP adds 8 bytes, and IP 20 (IPv4) or 40 (IPv6). Below 16 bytes ping measures no round-trip time.',
    ),
  df: z
    .boolean()
    .exactOptional()
    .describe(
      "true: nobody cuts the requests into fragments (IPv4: the bit don't fragment; IPv6: the sender does not). " +
        'One that is larger than an MTU on the way is lost. ' +
        'false: the bit is not set, so routers of IPv4 may cut. Without it the kernel sets the bit until it knows of a smaller MTU.',
    ),
  give_up: duration
    .exactOptional()
    .describe('How long it waits for the last answer, in whole seconds (2s by default).'),
});

type PingArgs = z.output<typeof schema>;

export const ping: StepKind<PingArgs> = {
  word: 'ping',
  summary:
    'Sends ICMP echo requests. ' +
    'Of the round-trip times in milliseconds rtt is the mean, beside min, median, p99 and max; loss is in percent. ' +
    'An ICMP error in place of the answer fails as `unreachable`, no answer fails as `timeout`. ' +
    'A request that is larger than an MTU on the way fails as `too-large`, and the field mtu is the MTU that ping was told.',
  example: 'ping: { to: echo, count: 3 }',
  fields: ['sent', 'received', 'loss', 'rtt', 'min', 'median', 'p99', 'max', 'mtu'],
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
    outcome.datagram = args.size ?? SIZE;
    if (args.df === false) outcome.fragments = true;
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
  const size = args.size === undefined ? [] : ['-s', String(args.size)];
  const df = args.df === undefined ? [] : ['-M', args.df ? 'do' : 'dont'];
  const count = String(args.count ?? 1);
  return ['ping', '-n', '-c', count, '-i', String(INTERVAL), '-W', wait, ...ttl, ...size, ...df, address];
}

/** Milliseconds after which the last answer may be waited for no more. */
export function giveUpOf(args: Omit<PingArgs, 'to' | 'family'>): number {
  return (args.count ?? 1) * INTERVAL * 1000 + (args.give_up ?? GIVE_UP);
}

function noSummary(output: Buffer, outcome: Outcome): Check {
  const told = { what: outcome.did, expected: 'the summary of ping', found: showBytes(output) };
  return { kind: 'action', held: false, ...told };
}

/** The host that said that there is no way, by its name. */
function named(pinged: Pinged, { hosts }: StepContext): Pinged {
  const { error } = pinged;
  const from = error?.from;
  if (from === undefined) return pinged;
  const host = [...hosts.values()].find(({ plan }) =>
    plan.interfaces.some((card) => addressesOf(card).includes(from)),
  );
  return { ...pinged, error: { ...error!, from: host?.name ?? from } };
}

/** The counts of ping, as part of the outcome: no answer at all is the network's failure. */
export function conclude(pinged: Pinged, after: number, outcome: Outcome, step: Step): void {
  const { sent, received, rtt, times, error } = pinged;
  outcome.fields = {
    ...{ sent, received },
    ...(sent > 0 && { loss: lossOf(pinged) }),
    ...(rtt !== undefined && { rtt }),
    ...(times && spreadOf(times)),
    ...(error?.mtu !== undefined && { mtu: error.mtu }),
  };
  outcome.did += sent === 0 ? ', nothing sent' : `, ${received} of ${sent} answered`;
  outcome.did += rtt === undefined ? '' : `, ${showTime(rtt)}`;
  if (received > 0) outcome.checks.push(...allAnswered(pinged, outcome, step));
  else if (saysNone(step)) outcome.did += error ? `: ${showError(error)}` : '';
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

/** Percent of the requests that were not answered. */
function lossOf({ sent, received }: Pick<Pinged, 'sent' | 'received'>): number {
  return (100 * (sent - received)) / sent;
}

/** Every request must be answered, unless the step itself says how many. */
function allAnswered({ sent, unsent, received, error }: Pinged, outcome: Outcome, step: Step): Check[] {
  const { received: some, loss } = claimed(step);
  const wanted = sent + (unsent ?? 0);
  if (some || loss || received === wanted) return [];
  const why = error && { why: showError(error) };
  const told = { what: outcome.did, expected: `${wanted} answers`, found: String(received), ...why };
  return [{ kind: 'received', came: 'part', held: false, ...told }];
}

/** That nothing answers is what the step claims, in numbers; with `fails:` it also claims how. */
function saysNone(step: Step): boolean {
  const { received, loss } = claimed(step);
  const none = (received && compare(received, 0)) ?? (loss && compare(loss, 100)) ?? false;
  return none && !step.expect.some(({ kind }) => kind === 'fails');
}

/** The claims of the step about the number of answers. */
function claimed({ expect }: Step): { received?: Condition; loss?: Condition } {
  const fields = expect.filter(({ kind }) => kind === 'fields');
  return Object.assign({}, ...fields.map(({ value }) => value));
}
