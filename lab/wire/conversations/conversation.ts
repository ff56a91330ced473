/** A TCP conversation and its segments, with the results of following it: follow.ts makes them. */

import type { SeenFrame } from '../timeline.ts';
import type { Moving, TcpState } from './state.ts';

export type Side = 'client' | 'server';

export interface Endpoint {
  address: string;
  port: number;
}

/** Addresses of hosts whose cards were captured, with the host that has each. */
export type Watched = ReadonlyMap<string, string>;

export interface Conversation {
  /** From 1, in order of their first frames. */
  number: number;
  /** The end that sent the SYN; without one, the end with the greater port. */
  client: Endpoint;
  server: Endpoint;
  /** Its first SYN was seen. */
  begun: boolean;
  /** Ends without a state by these frames: a NAT on the way translates them, or is itself this end (translated.ts). */
  beyond?: Side[];
  segments: Segment[];
}

/** `SYN` to `handshake done` open a conversation, `FIN` to `closed` close it; the others mark irregular segments. */
export type Note =
  | 'SYN'
  | 'SYN+ACK'
  | 'handshake done'
  | 'simultaneous open'
  | 'refused'
  | 'retransmission'
  /** All of its bytes were acknowledged before. */
  | 'spurious retransmission'
  /** The same frame came twice, but its sender sent it once. */
  | 'duplicate'
  /** The same segment on its next network. */
  | 'forwarded'
  | 'duplicate ack'
  /** The bytes before it have not been seen. */
  | 'gap'
  | 'out of order'
  | 'zero window'
  | 'window probe'
  | 'window update'
  | 'keepalive'
  | 'keepalive ack'
  | 'reset'
  | 'FIN'
  | 'half-close'
  | 'FIN acknowledged'
  | 'simultaneous close'
  | 'closed';

/** One TCP segment of a conversation. */
export interface Segment extends Moving {
  seen: SeenFrame;
  conversation: Conversation;
  from: Side;
  /** Bytes of data, also those that the capture cut off. */
  length: number;
  /** In bytes: scaled where both SYNs were seen and offered scaling. */
  window: number;
  notes: Note[];
  /** Bytes of it, or its SYN or FIN, were seen from its sender before: sent again, and no copy that the way has made. */
  resent?: true;
  /** The segment as it was seen on an earlier network, where this one is noted `forwarded`. */
  copyOf?: Segment;
  phase?: 'handshake' | 'closing' | 'refused';
  /** The states after it: its sender's when it was sent, its receiver's when it was received. */
  states: { client?: TcpState; server?: TcpState };
  /** The new states of its ends; absent where they stayed the same, or the segment never came. */
  sender?: TcpState;
  receiver?: TcpState;
}
