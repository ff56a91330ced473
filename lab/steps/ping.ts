import { z } from 'zod';
import type { NetworkFailureData } from '../agent/protocol.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import { answerOf, attempt, begin } from '../outcomes/outcome.ts';
import { showBytes, showTime } from '../outcomes/show.ts';
import type { Family } from '../scenario/address.ts';
import type { Step } from '../scenario/types.ts';
import { duration, endpoint, family } from '../scenario/values.ts';
import { reference } from './arguments.ts';
import { type Pinged, readPing } from './ping-output.ts';
import type { StepKind } from './step.ts';

/** Seconds between two echo requests: the least that an ordinary user may ask for. */
const INTERVAL = 0.2;
/** Milliseconds to wait for the last answer. */
const GIVE_UP = 2000;

interface PingArgs {
  to: string;
  family?: Family;
  count?: number;
  ttl?: number;
  give_up?: number;
}

/** ICMP echo requests, by the host's own ping. RFC 792, RFC 4443. */
export const ping: StepKind<PingArgs> = {
  word: 'ping',
  summary: 'Sends ICMP echo requests; fields: sent, received, and rtt (the mean, in milliseconds).',
  example: 'ping: { to: echo, count: 3 }',
  schema: z.strictObject({
    to: endpoint,
    family: family.optional(),
    count: z.int().min(1).max(100).optional(),
    ttl: z.int().min(1).max(255).optional(),
    give_up: duration.optional(),
  }) as z.ZodType<PingArgs>,

  references: (args) => reference('to', 'target', args.to, { family: args.family }),

  needs: () => ['ping'],

  explain: (args, step) => `${step.at} pings ${args.to}`,

  async run(args, step, context) {
    // A port is of no use to ICMP; it only completes the endpoint.
    const { address } = context.resolve(args.to, 7, args.family);
    const outcome = begin(`ping ${context.host.name} > ${address}`);
    return attempt(outcome, async () => {
      const began = performance.now();
      const result = await context.host.agent.exec({
        argv: argvOf(args, address),
        env: { LC_ALL: 'C' },
        giveUp: giveUpOf(args) + 5000,
      });
      const output = Buffer.concat([result.stdout, result.stderr]);
      outcome.answer = answerOf(result.stdout);
      const pinged = readPing(output.toString());
      if (pinged) conclude(pinged, performance.now() - began, outcome, step);
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
  return { what: outcome.did, held: false, expected: 'the summary of ping', found: showBytes(output) };
}

/** What ping counted, as part of the outcome: no answer at all is the network's failure. */
export function conclude(pinged: Pinged, after: number, outcome: Outcome, step: Step): void {
  const { sent, received, rtt, unreachable } = pinged;
  outcome.fields = { sent, received, ...(rtt !== undefined && { rtt }) };
  outcome.did += `, ${received} of ${sent} answered${rtt === undefined ? '' : `, ${showTime(rtt)}`}`;
  if (received === 0) outcome.failure = noAnswer(unreachable, after);
  else outcome.checks.push(...allAnswered(pinged, outcome, step));
}

/** The failure that no answer at all is; `after` in milliseconds. */
export function noAnswer(unreachable: boolean, after: number): NetworkFailureData {
  const [kind, errno] = unreachable
    ? (['unreachable', 'EHOSTUNREACH'] as const)
    : (['timeout', 'ETIMEDOUT'] as const);
  return { kind, errno, syscall: 'ping', message: `ping: no echo reply (${kind})`, after };
}

/** Every request must be answered, unless the step itself says how many. */
function allAnswered({ sent, received }: Pinged, outcome: Outcome, step: Step): Check[] {
  const said = step.expect.some(({ kind, value }) => kind === 'fields' && 'received' in (value as object));
  if (said || received === sent) return [];
  return [{ what: outcome.did, held: false, expected: `${sent} answers`, found: String(received) }];
}
