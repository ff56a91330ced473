/** Beginnings of an outcome, and the one place where a refusal of the network becomes part of the outcome. */

import type { Endpoint } from '../agent/endpoint.ts';
import { NetworkFailure, type NetworkFailureData } from '../agent/protocol.ts';
import { isLost, LabError, type LabErrorCode } from '../errors.ts';
import type { PlannedInterface } from '../model/planned.ts';
import type { Check } from './check.ts';
import type { Conversation } from './conversation.ts';
import { sha256 } from './show.ts';

/** Bytes that came back. Only the head of a long answer is kept. */
export interface Answer {
  head: Buffer;
  bytes: number;
  /** The SHA-256 of all bytes, lower-case hex; undefined where only the head was read. */
  sha256: string | undefined;
}

/** The address and port to which an action sends. */
export interface Target {
  transport: 'tcp' | 'udp' | 'icmp';
  address: string;
  /** 0 where the transport has no ports. */
  port: number;
}

/** A local end that is asked for. */
export interface Binding {
  transport: 'tcp' | 'udp';
  /** Absent for every address, or for the one that the route gives. */
  address?: string;
  /** 0 for any. */
  port: number;
}

export interface Outcome {
  /** The action in literal terms: `tcp 10.50.1.21:40000 > 10.50.1.10:9000, sent "hello"`. */
  did: string;
  /** `did` is still the step's explanation, which names the host. */
  explained?: true;
  /** Milliseconds since the Unix epoch when the action began; events before it are not its evidence. */
  began: number;
  /** The target of the action, stated before it is done; absent where there is no target, or it is not known. */
  target?: Target;
  /** The local address and port that the action asks its own host for, stated before it is done. */
  binds?: Binding;
  /** The action asks for a lease of this card's address: `anybody` any server that hears it, `server` the one that gave it. */
  leasing?: { card: PlannedInterface; asks: 'anybody' | 'server' };
  /** False where the action went on with an open conversation, and has sent nothing. */
  sent?: boolean;
  /** The most hops of the packets that the action sends (TTL, hop limit), where the step sets a limit. */
  ttl?: number;
  /** Bytes of data in the last datagram, or the last echo request, that it was to send. */
  datagram?: number;
  /** It allows routers of IPv4 to cut what it sends into fragments. */
  fragments?: true;
  /** The whole tuple, where the step had a conversation. */
  tuple?: { transport: 'tcp' | 'udp'; local: Endpoint; remote: Endpoint };
  /** The conversation on which bytes may arrive after the action. */
  conversation?: Conversation;
  /** The action itself made the connection, and did not go on with an earlier one. */
  opened?: boolean;
  /** The bytes that end the action: a time, a file, a command's output. */
  answer?: Answer;
  /** The last request of HTTP, and the status of its answer, once it has come. */
  http?: { path: string; status?: number };
  /** The name by which a server of TLS was asked for, and the file with those who are trusted to sign. */
  tls?: { name: string; ca: string };
  failure?: NetworkFailureData;
  /** Plain facts for the expectation `fields`: `exit`, `stratum`, `bytes`… */
  fields: Record<string, string | number | boolean>;
  /** Facts at the time of the call: those of the connection as it is then. */
  measured?: () => Promise<Outcome['fields']>;
  /** The standard error of a command: shown where the step fails. */
  stderr?: string;
  /** Fields that hold only the beginning of a text, and the bytes of the whole text. */
  cut?: Record<string, { bytes: number }>;
  /** The checks of the step's own `do:` entries. */
  checks: Check[];
}

export function begin(did: string): Outcome {
  return { did, began: Date.now(), fields: {}, checks: [] };
}

/** The beginning of an outcome that can be told in literal terms only later (`tell`). */
export function beginExplained(sentence: string): Outcome {
  return { ...begin(sentence), explained: true };
}

/** Replaces the explanation of an outcome by its action in literal terms. */
export function tell(outcome: Outcome, did: string): void {
  outcome.did = did;
  delete outcome.explained;
}

/**
 * Does the action. A refusal of the network becomes the outcome's failure. A mistake of the scenario becomes a check
 * that did not hold. Any other error is thrown on.
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

/** A program that ends too early or is never ready is a result of the step, as an answer that does not come is one. */
const RESULTS: readonly LabErrorCode[] = ['scenario', 'program', 'not-ready'];

/** The check for a mistake of the scenario, or for a host whose machine is gone; any other error is thrown on. */
export function mistaken(error: unknown, what: string): Check {
  if (isLost(error)) return gone(error, what);
  if (!(error instanceof LabError && RESULTS.includes(error.code))) throw error;
  return {
    kind: 'mistake',
    what,
    held: false,
    found: error.message,
    ...(error.hint !== undefined && { why: error.hint }),
  };
}

/** Nothing that rests on a machine that is gone can be done or judged. */
export function gone({ message, hint }: LabError, what: string): Check {
  return {
    kind: 'gone',
    what,
    held: false,
    found: message,
    ...(hint !== undefined && { why: hint }),
  };
}

export function answerOf(bytes: Uint8Array): Answer {
  return { head: Buffer.from(bytes), bytes: bytes.length, sha256: sha256(bytes) };
}
