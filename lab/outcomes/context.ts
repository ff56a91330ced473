/** The context of a step: the lab, and all that earlier steps left. Code that looks at the outcome has it too. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { Split } from '../engines/engine.ts';
import type { LiveHost, MoveHost } from '../live/host.ts';
import type { Family } from '../model/address.ts';
import type { Plan } from '../model/planned.ts';
import type { Names } from '../wire/names.ts';
import type { Clocked } from '../wire/order.ts';
import type { Card, SeenFrame } from '../wire/timeline.ts';
import type { CableRecord } from './cable-record.ts';
import type { Conversation } from './conversation.ts';
import type { MadeFault } from './made-fault.ts';

/** The numbers of a TCP segment relative to each side's SYN, from following its conversation, and notes on it. */
export interface Segment {
  relativeSequence: number;
  relativeAcknowledgement: number;
  notes: readonly string[];
}

/** The frames on the wire of the lab since the step began, as far as hosts captured them. */
export interface WireView {
  /** Every captured frame from the step's start on, in order. Grows as frames come. */
  frames(): SeenFrame[];
  /** Relative numbers and notes of a TCP segment; undefined for any other frame. */
  segment(frame: SeenFrame): Segment | undefined;
  /** Whether bytes of a segment were seen from its sender before, in any capture; undefined for what is no TCP. */
  resent(frame: SeenFrame): boolean | undefined;
  /** Resolves when there are more frames than there were, or `deadline` (performance.now()) has passed. */
  more(deadline: number): Promise<void>;
  /**
   * Resolves when everything that was sent in the lab before has arrived at these hosts and is in `frames`.
   * `incomplete` says what is missing: then no frame counts as absent.
   */
  barrier(hosts: readonly string[]): Promise<{ incomplete?: string }>;
  /** Resolves when all frames that these hosts have received so far are in `frames`; `incomplete` says which are lost. */
  drain(hosts: readonly string[]): Promise<{ incomplete?: string }>;
  /** Milliseconds since the Unix epoch: when the step began. */
  began: number;
  /** The clocks of the machines that stamped the frames. */
  clocks: Clocked;
  names: Names;
  /** The cards of the hosts that capture. */
  cards: readonly Card[];
}

export interface StepContext {
  /** The lab's plan: every address as a literal. */
  plan: Plan;
  /** The host at which the step is done. A step that is done to the whole lab has no host: reading this one throws. */
  host: LiveHost;
  hosts: ReadonlyMap<string, LiveHost>;
  /** Conversations and listeners that earlier steps named, by `host` and name; closed when the run ends. */
  named: Map<string, Conversation>;
  /** Faults that earlier steps made, in order, with those that were skipped. Healed when the run ends. */
  faults: MadeFault[];
  /** Lines of SSLKEYLOGFILE for the steps' conversations over TLS so far, for readers of captures (RFC 9850). */
  keys: string[];
  /** The record of frames on impaired cables. */
  cables: CableRecord;
  /**
   * Captures at these hosts, from before the step's action on; undefined where nothing is captured anywhere. Hosts
   * that capture for the whole run do so without being asked.
   */
  watch(hosts: readonly string[]): Promise<WireView | undefined>;
  /**
   * Resolves when each machine of the lab has answered or is known to be gone; the hosts of those that are gone fail from then
   * on. At once on an engine of one machine.
   */
  machinesAnswer(): Promise<void>;
  /** Splits machines from each other. Undefined on an engine of one machine. */
  split?: Split | undefined;
  /** Leads a host into another network. The plans of the lab and of its hosts change with it. */
  move: MoveHost;
  /** The result of `watch`. */
  wire?: WireView | undefined;
  /**
   * One literal address and port for `echo:9000`, chosen for the network that the step's host shares with it. Where
   * `family` is given, the address is of this family.
   */
  resolve(endpoint: string, defaultPort?: number, family?: Family): Endpoint;
}
