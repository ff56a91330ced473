/** What a cable does to the frames of one direction, in numbers: plain data that crosses from the command to the cable. */

/** Every number is the mean of what is drawn; probabilities are from 0 to 1, times in milliseconds. */
export interface Impairment {
  /** One way. */
  delay?: number | undefined;
  /** Added to the delay: as much less or more at most (`uniform`), or its standard deviation (`normal`). Order is kept. */
  jitter?: { by: number; spread: 'uniform' | 'normal' };
  /** Of all frames; `burst` is how many in a row are lost on average (Gilbert 1960, Elliott 1963), 1 where absent. */
  loss?: { rate: number; burst?: number | undefined };
  /** A second copy goes right behind the frame. */
  duplicate?: number | undefined;
  /** One bit behind the Ethernet header is turned. */
  corrupt?: number | undefined;
  /** The frame waits until the next one that does not wait has gone ahead, or for OVERTAKEN_WITHIN. */
  reorder?: number | undefined;
  /** Bits a second of whole frames, and what may wait for its turn. */
  rate?: { bits: number; queue: Queue };
  /** Bytes of the largest packet (without the Ethernet header): a larger one is lost, and nobody is told. */
  mtu?: number | undefined;
  /** Exactly these are lost: 1 is the first frame that comes. Ascending. */
  nth?: number[];
  /** Every frame is lost, or every packet: what finds out MACs (ARP, neighbour discovery) then passes. */
  blackhole?: 'frames' | 'packets';
  /**
   * What is lost is answered. `reset`: a connection of TCP that stands is reset at both of its ends. `reject`: a segment of
   * TCP is answered by a reset, anything else of IP by an ICMP error.
   */
  answer?: 'reset' | 'reject';
}

/** Of what waits before the rate; whatever does not fit is lost (drop tail). */
export type Queue = { frames: number } | { bytes: number } | { milliseconds: number };

/** Which frames an impairment is for: all where nothing is said. Fields that are said must all hold. */
export interface Matching {
  /** The other end's cards: who sends what comes here, who is sent what leaves here. Lower case. */
  peers?: string[];
  protocol?: 'arp' | 'icmp' | 'icmpv6' | 'tcp' | 'udp' | 'ip';
  /** Addresses in the form of RFC 5952 or of IPv4. */
  from?: string[];
  fromPort?: number;
  to?: string[];
  toPort?: number;
}

/** One impairment as it stands on a cable. */
export interface Stage extends Matching {
  /** The fault's, or the link's: under it verdicts are told. */
  id: string;
  /** `out` is what the host sends. */
  direction: 'out' | 'in';
  impairment: Impairment;
  /** Equal seeds and equal frames give equal verdicts. */
  seed: number;
}

/** Bits a second: what a cable carries of full-size frames on two cores (docs/links.md). */
export const FASTEST = 1e9;
/** Frames that all open cables of one host, or of all hosts on namespaces, hold together. */
export const MOST_HELD = 32_768;

/** Milliseconds. */
export const OVERTAKEN_WITHIN = 100;

export const DROPS = ['loss', 'nth', 'blackhole', 'queue', 'mtu', 'reset', 'reject'] as const;
/** Why a frame is lost. */
export type Drop = (typeof DROPS)[number];

/** What was done to one frame that did not simply pass later. */
export interface Verdict {
  /** Seconds since 1970 when the frame had come. */
  time: number;
  stage: string;
  direction: 'out' | 'in';
  /** Which of the frames that the stage is for, 1 for the first. */
  number: number;
  did: 'dropped' | 'doubled' | 'corrupted' | 'overtaken';
  why?: Drop;
  /** Bytes of the frame, and the first of them. */
  length: number;
  head: Uint8Array;
}

/** What a stage has done since it stands. */
export interface Tally {
  stage: string;
  direction: 'out' | 'in';
  /** Frames that it was for. */
  frames: number;
  dropped: Partial<Record<Drop, number>>;
  doubled: number;
  corrupted: number;
  overtaken: number;
  /** Milliseconds that frames left after they were due, at most; never before. */
  late: number;
}
