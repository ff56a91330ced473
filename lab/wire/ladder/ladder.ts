/**
 * A conversation as a ladder: a lane a host, a row a frame, time going down. Pure data: reports/ladder-*.ts draw it
 * as text, SVG and HTML. make.ts makes it from a timeline, file.ts from a capture that is not ours.
 */
import type { SeenFrame } from '../timeline.ts';

export interface Ladder {
  lanes: Lane[];
  /** In order of time; a missing frame stands where it should have been. */
  rows: Row[];
  spans: Span[];
  /** Frames that the ladder is about, also those in folds and beyond the limit. */
  frames: number;
  /** Frames that were left out at the end, because there were more than was asked for. */
  leftOut: number;
}

export interface Lane {
  /** A host's name; an address where nobody knows one. */
  name: string;
  addresses: string[];
}

/** The lane of all hosts beyond those that can be told apart. */
export const OTHERS = 'others';

/** What decides a frame's colour. */
export const FAMILIES = ['arp', 'icmp', 'udp', 'tcp', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * What became of it: `arrived`; `unseen` where it left to a host at which nobody looked; `lost` where it left and the receiver's own capture has it not; `nobody` where no
 * host has the address it was sent to; `unheard` of a broadcast that was captured nowhere else; `unknown` where its link does not say whom it
 * is for.
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
  /** Whom it is of, where no arrow of the ladder comes to them: `for echo`, that a router hands it on to. */
  beyond: string[];
  family: Family;
  /** In a few words, for the arrow: `SYN to 9000`. */
  label: string;
  /** The whole line, as it is printed elsewhere. */
  line: string;
  /** States that lanes come to with this frame: those of its two ends by IP, whoever carries it. */
  states: { lane: number; state: string }[];
  /** What is odd about it: `retransmission`. */
  notes: string[];
  /** Milliseconds that an impaired cable held it. */
  held?: number;
  marks: Mark[];
  phase?: Phase;
}

/** The note of a frame of which the capture did not keep all that its headers speak of. */
export const CUT_SHORT = 'cut short';

/** A line of the scenario that is about this frame. */
export interface Mark {
  status: 'matched' | 'forbidden';
  line: string;
  /** The host at which it was looked for. */
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
  /** Lanes, where the line names hosts that have one: of a broadcast all but the sender's. */
  from?: number;
  to: number[];
  line: string;
  at: string;
}

export type Row = Arrow | Fold | Missing;

/** Rows between two (inclusive) that bear a name; `column` keeps those apart that lie side by side. */
export interface Span {
  name: Phase['name'];
  first: number;
  last: number;
  column: number;
}
