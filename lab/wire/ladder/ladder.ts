/**
 * A conversation as a ladder: a lane for each host, a row for each frame, time going down. Pure data:
 * reports/ladder-*.ts draw it as text, SVG and HTML. make.ts makes it from a timeline, file.ts from a capture file.
 */
import type { SeenFrame } from '../timeline.ts';

export interface Ladder {
  lanes: Lane[];
  /** In order of time; a missing frame stands where it should have been. */
  rows: Row[];
  spans: Span[];
  /** The number of frames of the ladder, with those in folds and beyond the limit. */
  frames: number;
  /** The number of frames that were left out at the end, because there were more than the limit. */
  leftOut: number;
}

export interface Lane {
  /** A host's name; an address where the name is not known. */
  name: string;
  addresses: string[];
}

/** The lane of all hosts that have no lane of their own. */
export const OTHERS = 'others';

/** The families of frames: each has a colour. */
export const FAMILIES = ['arp', 'icmp', 'udp', 'tcp', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * The fate of a frame. `arrived`. `unseen`: it left for a host at which nobody captured. `lost`: it left, and the
 * receiver's own capture does not have it. `nobody`: no host has the address that it was sent to. `unheard`: a
 * broadcast that was captured nowhere else. `unknown`: its link does not name the receiver.
 */
export type Fate = 'arrived' | 'unseen' | 'lost' | 'nobody' | 'unheard' | 'unknown';

export interface Arrow {
  kind: 'arrow';
  seen: SeenFrame;
  /** Nanoseconds since the ladder's beginning. */
  time: number;
  /** Index of the sender's lane. */
  from: number;
  /** Indexes of the lanes it came to, or was on its way to; empty for `nobody`. */
  to: number[];
  /** Hosts that heard a broadcast, do nothing else and have no lane. */
  others: string[];
  fate: Fate;
  /** Hosts of the packet's addresses that no arrow of the ladder touches: `for echo`, where a router forwards it. */
  beyond: string[];
  family: Family;
  /** In a few words, for the arrow: `SYN to 9000`. */
  label: string;
  /** The whole frame on one line, as in other prints. */
  line: string;
  /** New states of lanes with this frame: those of its two ends by IP, also where routers carry the frame. */
  states: { lane: number; state: string }[];
  /** Notes on an irregular frame: `retransmission`. */
  notes: string[];
  /** Milliseconds for which an impaired cable held it. */
  held?: number;
  marks: Mark[];
  phase?: Phase;
}

/** The note on a frame from which the capture cut off content. */
export const CUT_SHORT = 'cut short';

/** A line of the scenario that is about this frame. */
export interface Mark {
  status: 'matched' | 'forbidden';
  line: string;
  /** The host at which the line was looked for. */
  at: string;
}

/** A part of a conversation that has a name. Rows of the same `conversation` and `name` make one span. */
export interface Phase {
  name: 'handshake' | 'closing' | 'refused';
  conversation: number;
}

/** Many frames one after another, of plain data or all the same. */
export interface Fold {
  kind: 'fold';
  rows: Arrow[];
  /** Its outermost lanes. */
  from: number;
  to: number;
  family: Family;
  /** `214 segments, 300 kB`, `4 more times these 2` */
  label: string;
}

/** A frame that was expected and did not come. */
export interface Missing {
  kind: 'missing';
  /** Lanes, where the line names hosts that have one; for a broadcast all lanes except the sender's. */
  from?: number;
  to: number[];
  line: string;
  at: string;
}

export type Row = Arrow | Fold | Missing;

/** Rows from `first` to `last` (inclusive) that have a name. Spans side by side have different columns. */
export interface Span {
  name: Phase['name'];
  first: number;
  last: number;
  column: number;
}
