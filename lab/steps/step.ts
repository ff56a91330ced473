/** What a step is to the run: checked arguments in, an outcome out. Failures of the network are outcomes. */
import type { Capability, Endpoint, Lacking, NetworkFailureData } from '../agent/protocol.ts';
import type { Feature } from '../engines/engine.ts';
import type { LiveHost } from '../host.ts';
import type { Step } from '../scenario/types.ts';
import type { StepWord } from '../scenario/vocabulary.ts';
import type { Conversation } from './conversation.ts';

export interface StepContext {
  /** The host at which the step is done. A step that is done to the whole lab has none, and must not ask. */
  host: LiveHost;
  hosts: ReadonlyMap<string, LiveHost>;
  /** Conversations and listeners that earlier steps named, by `host` and name; closed when the run ends. */
  named: Map<string, Conversation>;
  /** Faults that earlier steps made, in order; those that were skipped too. Healed when the run ends. */
  faults: MadeFault[];
  /** One literal address and port for `echo:9000`, chosen for the network that the step's host shares with it. */
  resolve(endpoint: string, defaultPort?: number): Endpoint;
}

/** What has come of a fault's step, and the name it gave. */
export type MadeFault = { as?: string | undefined } & (
  | { fault: { heal(): Promise<string> }; lacking?: undefined }
  | { fault?: undefined; lacking: Lacking }
);

/** One thing that was looked at, and whether it held. */
export interface Check {
  /** In the reader's words: `received HELLO`, `seen by echo: alice's own 10.50.1.21:40000`. */
  what: string;
  held: boolean;
  expected?: string;
  found?: string;
  /** The evidence, in one line. */
  why?: string;
  /** Milliseconds that the expectation it belongs to was looked at. */
  took?: number;
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
  /** What some host concerned lacks, where that is not (only) the host at which the step is done. */
  lacking?(args: Args, context: StepContext): Lacking | undefined;
  /** Told that the step is left out. */
  skipped?(args: Args, lacking: Lacking, context: StepContext): void;
  /** What the engine must be able to do. */
  features?(args: Args): Feature[];
  /** What the step is about to do, for the progress line and for a step without a name. */
  explain(args: Args, step: Step): string;
  run(args: Args, step: Step, context: StepContext): Promise<Outcome>;
}
