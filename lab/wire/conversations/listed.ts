/** A conversation in the list of a capture. */
import type { SeenFrame } from '../timeline.ts';

export interface ListedEnd {
  /** Literal, or a MAC address where a frame has no addresses above the link; `*` where it has no MAC address either. */
  address: string;
  port?: number;
}

export interface Listed {
  /** From 1, in order of their first frames. */
  number: number;
  /** `tcp`, `udp`, `icmp`, `arp`, …; `link` for frames that are not read. */
  protocol: string;
  /** The sender and the receiver of the first frame. */
  ends: [ListedEnd, ListedEnd];
  frames: SeenFrame[];
  /** On the wire, with headers. */
  bytes: number;
  /** `closed`, `refused`, `no answer`; empty where no end can be told. */
  ended: string;
}
