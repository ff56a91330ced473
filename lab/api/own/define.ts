/**
 * Words of one's own: how a step, an expectation or a fault is written for `lanlab run --use`, for `use` of the library
 * and for lanlab.config.ts. Whatever a word does, it does through the library's own hosts.
 */
import type { z } from 'zod';
import type { Host } from '../host.ts';
import type { TcpConnection } from '../tcp.ts';
import type { UdpSocket } from '../udp.ts';

interface Word<Args> {
  /** The key in a scenario: lower-case letters, digits and `_`. */
  word: string;
  /** One sentence for the reference. */
  summary: string;
  /** A step as it would be written. */
  example: string;
  /** What may be written behind the key, and what `run` is given of it. Issues become errors with their line. */
  schema: z.ZodType<Args>;
}

/** Whom a step speaks to: causes, `seen` and lines of `wire` look at that. */
export interface Speaks {
  transport: 'tcp' | 'udp';
  /** A host, or a host and a port, as a scenario writes it. */
  to: string;
  /** Where `to` says none. */
  port: number;
}

/** What a step has found. */
export interface StepFound {
  /** What was done, for the report, in literal terms; `explain` where absent. */
  did?: string;
  /** What `receive` looks at. */
  received?: string | Uint8Array;
  /** What `fields` looks at. */
  fields?: Record<string, string | number | boolean>;
  /** The conversation that it had: `seen` and `wire` know its ports by that. */
  spoke?: TcpConnection | UdpSocket;
}

export interface OwnStep<Args = unknown> extends Word<Args> {
  /** What it is about to do, and at which host: `alice asks cache for GET greeting`. */
  explain(args: Args, at: string): string;
  speaks?(args: Args): Speaks;
  /** From inside the host. A NetworkFailure that is thrown is the step's failure; any other error ends the run as a bug. */
  run(args: Args, host: Host): Promise<StepFound>;
}

/** What an expectation looks at. */
export interface Outcome {
  did: string;
  received: Buffer | undefined;
  fields: Readonly<Record<string, string | number | boolean>>;
  /** How the network said no: `refused`, `timeout`… */
  failure: string | undefined;
}

/** What it says: `what` was looked at, and where that does not hold what was `expected` and `found`. */
export type Verdict =
  | { held: true; what: string }
  | { held: false; what: string; expected: string; found: string; why?: string };

export interface OwnExpectation<Value = unknown> extends Word<Value> {
  check(value: Value, outcome: Outcome, host: Host): Promise<Verdict> | Verdict;
}

export interface OwnFault<Args = unknown> extends Word<Args> {
  /** What it breaks: `slow the disk of echo`. */
  explain(args: Args): string;
  /** Hosts that must be there. */
  hosts?(args: Args): string[];
  /** Breaks it; what it returns says what was done, and undoes it. */
  begin(args: Args, hosts: ReadonlyMap<string, Host>): Promise<{ did: string; heal(): Promise<string> }>;
}

/** A word, and what it is. */
export type OwnWord =
  | { is: 'step'; word: OwnStep }
  | { is: 'expectation'; word: OwnExpectation }
  | { is: 'fault'; word: OwnFault };

export function defineStep<Args>(word: OwnStep<Args>): OwnWord {
  return { is: 'step', word };
}

export function defineExpectation<Value>(word: OwnExpectation<Value>): OwnWord {
  return { is: 'expectation', word };
}

export function defineFault<Args>(word: OwnFault<Args>): OwnWord {
  return { is: 'fault', word };
}
