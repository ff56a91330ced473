/** A conversation in the list of a capture. */
import type { SeenFrame } from '../timeline.ts';

export interface ListedEnd {
  /** Literal, or a MAC address where nothing is said above the link; `*` where not even that is. */
  address: string;
  port?: number;
}

export interface Listed {
  /** From 1, in order of their first frames. */
  number: number;
  /** `tcp`, `udp`, `icmp`, `arp`, …; `link` for what is not read. */
  protocol: string;
  /** Who sent the first frame, and to whom. */
  ends: [ListedEnd, ListedEnd];
  frames: SeenFrame[];
  /** On the wire, headers and all. */
  bytes: number;
  /** `closed`, `refused`, `no answer`; empty where there is nothing to be said. */
  ended: string;
}
