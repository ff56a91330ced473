/**
 * Words of the user's own: how a step, an expectation or a fault is written for `lanlab run --use`, for `use` of the
 * library and for lanlab.config.ts. A word acts through the hosts of the library.
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
  /** Checks the value behind the key, and makes the arguments of `run`. Its issues become errors with their line. */
  schema: z.ZodType<Args>;
}

/** The peer of a step. Causes, `seen` and lines of `wire` look at it. */
export interface Speaks {
  transport: 'tcp' | 'udp';
  /** A host, or a host and a port, as a scenario writes it. */
  to: string;
  /** The port where `to` has none. */
  port: number;
}

/** The results of a step. */
export interface StepFound {
  /** The action that was done, in literal terms, for the report; `explain` where absent. */
  did?: string;
  /** The text or the bytes that `receive` looks at. */
  received?: string | Uint8Array;
  /** The fields that `fields` looks at. */
  fields?: Record<string, string | number | boolean>;
  /** The conversation that it had: `seen` and `wire` take the ports from it. */
  spoke?: TcpConnection | UdpSocket;
}

export interface OwnStep<Args = unknown> extends Word<Args> {
  /** The action that it is about to do, and its host: `alice asks cache for GET greeting`. */
  explain(args: Args, at: string): string;
  speaks?(args: Args): Speaks;
  /** From inside the host. A NetworkFailure that is thrown is the step's failure; any other error ends the run as a bug. */
  run(args: Args, host: Host): Promise<StepFound>;
}

/** The outcome of a step, for an expectation. */
export interface Outcome {
  did: string;
  received: Buffer | undefined;
  fields: Readonly<Record<string, string | number | boolean>>;
  /** The kind of the failure of the network: `refused`, `timeout`… */
  failure: string | undefined;
}

/** The result of an expectation. `what` names the thing that was looked at. */
export type Verdict =
  | { held: true; what: string }
  | { held: false; what: string; expected: string; found: string; why?: string };

export interface OwnExpectation<Value = unknown> extends Word<Value> {
  check(value: Value, outcome: Outcome, host: Host): Promise<Verdict> | Verdict;
}

export interface OwnFault<Args = unknown> extends Word<Args> {
  /** The fault in words: `slow the disk of echo`. */
  explain(args: Args): string;
  /** Hosts that the scenario must have. */
  hosts?(args: Args): string[];
  /** Begins the fault. In the result, `did` says what was done, and `heal` undoes it. A `heal` that rejects may be called again. */
  begin(args: Args, hosts: ReadonlyMap<string, Host>): Promise<{ did: string; heal(): Promise<string> }>;
}

/** A word with its kind. */
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
