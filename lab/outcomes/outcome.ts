/** Beginnings of an outcome, and the one place where the network's refusal becomes part of it. */

import type { Endpoint } from '../agent/endpoint.ts';
import { NetworkFailure, type NetworkFailureData } from '../agent/protocol.ts';
import { LabError, type LabErrorCode } from '../errors.ts';
import type { PlannedInterface } from '../model/planned.ts';
import type { Check } from './check.ts';
import type { Conversation } from './conversation.ts';
import { sha256 } from './show.ts';

/** Bytes that came back. Of long ones only the head is kept. */
export interface Answer {
  head: Buffer;
  bytes: number;
  /** Of all bytes, lower-case hex; undefined where only the head was looked at. */
  sha256: string | undefined;
}

/** Whom an action speaks to. */
export interface Target {
  transport: 'tcp' | 'udp' | 'icmp';
  address: string;
  /** 0 where the transport has none. */
  port: number;
}

/** A local end that is asked for. */
export interface Binding {
  transport: 'tcp' | 'udp';
  /** Absent for every address, or whichever the route gives. */
  address?: string;
  /** 0 for any. */
  port: number;
}

export interface Outcome {
  /** What was done, in literal terms: `tcp 10.50.1.21:40000 > 10.50.1.10:9000, sent "hello"`. */
  did: string;
  /** `did` is still the step's explanation, which names the host. */
  explained?: true;
  /** Milliseconds since the Unix epoch when the action began; events before it are not its evidence. */
  began: number;
  /** To whom the action speaks, stated before it does; absent where it speaks to nobody, or to whom is not known. */
  target?: Target;
  /** The local address and port that it asks its own host for, stated before it does. */
  binds?: Binding;
  /** It asks for a lease of this card's address. `anybody`: of whoever hears it; `server`: of the one that gave it. */
  leasing?: { card: PlannedInterface; asks: 'anybody' | 'server' };
  /** False where it went on with what was open, and has sent nothing. */
  sent?: boolean;
  /** Hops that what it sends may take at most (TTL, hop limit), where it says so itself. */
  ttl?: number;
  /** Bytes of the last datagram that it was to send. */
  datagram?: number;
  /** The whole tuple, where the step had a conversation. */
  tuple?: { transport: 'tcp' | 'udp'; local: Endpoint; remote: Endpoint };
  /** Where something may be received after the action. */
  conversation?: Conversation;
  /** The action itself made the connection, rather than going on with one that was there. */
  opened?: boolean;
  /** What the action brought back, where it is over with that: a time, a file, a command's output. */
  answer?: Answer;
  failure?: NetworkFailureData;
  /** Plain facts for the expectation `fields`: `exit`, `stratum`, `bytes`… */
  fields: Record<string, string | number | boolean>;
  /** Facts that are as they are when somebody looks: those of the connection as it stands then. */
  measured?: () => Promise<Outcome['fields']>;
  /** What a command wrote to standard error: told where the step fails. */
  stderr?: string;
  /** Fields that have only the beginning of what was said, and how much it was in all. */
  cut?: Record<string, { bytes: number }>;
  /** What the step's own `do:` entries found. */
  checks: Check[];
}

export function begin(did: string): Outcome {
  return { did, began: Date.now(), fields: {}, checks: [] };
}

/** The beginning of an outcome that can be told in literal terms only later (`tell`). */
export function beginExplained(sentence: string): Outcome {
  return { ...begin(sentence), explained: true };
}

/** Says in literal terms what was done. */
export function tell(outcome: Outcome, did: string): void {
  outcome.did = did;
  delete outcome.explained;
}

/**
 * Does the action; what the network refused becomes the outcome's failure, what makes no sense as things are
 * a check that did not hold. Anything else is thrown on.
 */
export async function attempt(outcome: Outcome, action: () => Promise<void>): Promise<Outcome> {
  try {
    await action();
  } catch (error) {
    if (error instanceof NetworkFailure) outcome.failure = error.data;
    else outcome.checks.push(mistaken(error, outcome.did));
  }
  return outcome;
}

/** A program that ends when it should run or is never ready, is found out about, as an answer that does not come is. */
const RESULTS: readonly LabErrorCode[] = ['scenario', 'program', 'not-ready'];

/** The check that a mistake of the scenario's comes to; every other error is thrown on. */
export function mistaken(error: unknown, what: string): Check {
  if (!(error instanceof LabError && RESULTS.includes(error.code))) throw error;
  return {
    kind: 'mistake',
    what,
    held: false,
    found: error.message,
    ...(error.hint !== undefined && { why: error.hint }),
  };
}

export function answerOf(bytes: Uint8Array): Answer {
  return { head: Buffer.from(bytes), bytes: bytes.length, sha256: sha256(bytes) };
}
