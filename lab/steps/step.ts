/** What a step is to the run: checked arguments in, an outcome out. Failures of the network are outcomes. */
import type { Capability, Endpoint, NetworkFailureData } from '../agent/protocol.ts';
import type { LiveHost } from '../host.ts';
import type { Step } from '../scenario/types.ts';
import type { StepWord } from '../scenario/vocabulary.ts';
import type { Conversation } from './conversation.ts';

export interface StepContext {
  /** The host at which the step is done. */
  host: LiveHost;
  hosts: ReadonlyMap<string, LiveHost>;
  /** Conversations and listeners that earlier steps named, by `host` and name; closed when the run ends. */
  named: Map<string, Conversation>;
  /** One literal address and port for `echo:9000`, chosen for the network that the step's host shares with it. */
  resolve(endpoint: string, defaultPort?: number): Endpoint;
}

/** One thing that was looked at, and whether it held. */
export interface Check {
  /** In the reader's words: `received HELLO`, `seen by echo: alice's own 10.50.1.21:40000`. */
  what: string;
  held: boolean;
  expected?: string;
  found?: string;
  /** The evidence, in one line. */
  why?: string;
}

/** Bytes that came back whole. Of long ones only the head is kept. */
export interface Answer {
  head: Buffer;
  bytes: number;
  /** Of all bytes, lower-case hex. */
  sha256: string;
}

export interface Outcome {
  /** What was done, in literal terms: `tcp 10.50.1.21:40000 > 10.50.1.10:9000, sent "hello"`. */
  did: string;
  /** Milliseconds since the Unix epoch when the action began; events before it are not its evidence. */
  began: number;
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
  /** What the step's own `do:` entries found. */
  checks: Check[];
}

export interface StepKind<Args = unknown> extends StepWord<Args> {
  needs?(args: Args): Capability[];
  /** What the step is about to do, for the progress line and for a step without a name. */
  explain(args: Args, step: Step): string;
  run(args: Args, step: Step, context: StepContext): Promise<Outcome>;
}
