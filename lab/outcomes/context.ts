/** What a step, and whoever looks at its outcome, knows of the lab and of what earlier steps left. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { LiveHost } from '../live/host.ts';
import type { Family } from '../model/address.ts';
import type { Plan } from '../model/planned.ts';
import type { Names } from '../wire/names.ts';
import type { Card, SeenFrame } from '../wire/timeline.ts';
import type { CableRecord } from './cable-record.ts';
import type { Conversation } from './conversation.ts';
import type { MadeFault } from './made-fault.ts';

/** What following its conversation says of a TCP segment: numbers from each side's first one, which is its SYN. */
export interface Segment {
  relativeSequence: number;
  relativeAcknowledgement: number;
  notes: readonly string[];
}

/** What was on the wire of the lab since the step began, as far as hosts captured it. */
export interface WireView {
  /** Every captured frame from the step's start on, in order. Grows as frames come. */
  frames(): SeenFrame[];
  /** Relative numbers and notes of a TCP segment; undefined for what is none. */
  segment(frame: SeenFrame): Segment | undefined;
  /** Resolves when there are more frames than there were, or `deadline` (performance.now()) has passed. */
  more(deadline: number): Promise<void>;
  /**
   * Resolves when everything that was sent in the lab before has arrived at these hosts and is in `frames`;
   * `incomplete` says what is missing, and then nothing may be said to be absent.
   */
  barrier(hosts: readonly string[]): Promise<{ incomplete?: string }>;
  /** Resolves when what these hosts have received so far is in `frames`; `incomplete` says what never will be. */
  drain(hosts: readonly string[]): Promise<{ incomplete?: string }>;
  /** Milliseconds since the Unix epoch: when the step began. */
  began: number;
  names: Names;
  /** Of the hosts that capture. */
  cards: readonly Card[];
}

export interface StepContext {
  /** The lab's: every address as a literal. */
  plan: Plan;
  /** The host at which the step is done. A step that is done to the whole lab has none, and must not ask. */
  host: LiveHost;
  hosts: ReadonlyMap<string, LiveHost>;
  /** Conversations and listeners that earlier steps named, by `host` and name; closed when the run ends. */
  named: Map<string, Conversation>;
  /** Faults that earlier steps made, in order; those that were skipped too. Healed when the run ends. */
  faults: MadeFault[];
  /** What impaired cables did to frames. */
  cables: CableRecord;
  /**
   * Captures at these hosts, from before the step's action on; undefined where nothing is captured anywhere. Hosts
   * that capture for the whole run do so without being asked.
   */
  watch(hosts: readonly string[]): Promise<WireView | undefined>;
  /** What that gave. */
  wire?: WireView | undefined;
  /**
   * One literal address and port for `echo:9000`, chosen for the network that the step's host shares with it; of one
   * family where it is said.
   */
  resolve(endpoint: string, defaultPort?: number, family?: Family): Endpoint;
}
