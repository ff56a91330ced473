/** The impairments of one direction of a cable, in numbers: plain data that crosses from the command to the cable. */

/** Every number is the mean of the draws; probabilities are from 0 to 1, times in milliseconds. */
export interface Impairment {
  /** One way. */
  delay?: number | undefined;
  /** The delay varies by at most this much (`uniform`), or with this standard deviation (`normal`). Frames keep their order. */
  jitter?: { by: number; spread: 'uniform' | 'normal' };
  /** `rate` is of all frames; `burst` is the mean run of losses (Gilbert 1960, Elliott 1963), absent for independent ones. */
  loss?: { rate: number; burst?: number | undefined };
  /** A second copy goes right behind the frame. */
  duplicate?: number | undefined;
  /** One bit behind the Ethernet header is flipped. */
  corrupt?: number | undefined;
  /** The frame waits until the next one that does not wait has gone ahead, or for OVERTAKEN_WITHIN. */
  reorder?: number | undefined;
  /** Bits a second of whole frames, and the queue of frames that wait for their turn. */
  rate?: { bits: number; queue: Queue; trace?: Trace };
  /** Bytes of the largest packet (without the Ethernet header): a larger one is lost, and nobody is told. */
  mtu?: number | undefined;
  /** The numbers of the frames that are lost, ascending; 1 is the first frame that comes. */
  nth?: number[];
  /** `frames`: every frame is lost. `packets`: ARP and neighbour discovery, which find out MACs, pass; all else is lost. */
  blackhole?: 'frames' | 'packets';
  /**
   * Frames are lost, and answered. `reset`: an open TCP connection is reset at both of its ends. `reject`: a TCP segment is
   * answered by a reset, any other IP packet by an ICMP error.
   */
  answer?: 'reset' | 'reject';
}

/** The most that may wait before the rate. A frame that does not fit is lost (drop tail). */
export type Queue = { frames: number } | { bytes: number } | { milliseconds: number };

/** The times at which something may leave, in place of a steady rate: `bits` is then their mean. */
export interface Trace {
  /** As the scenario names it. */
  file: string;
  /** Milliseconds from the beginning, ascending; the last one is the length of the trace, which then begins again. */
  at: readonly number[];
}

/** The frames that an impairment is for: those that match every field given, or all frames where none is given. */
export interface Matching {
  /** MACs of the other end, in lower case: of the sender where a frame comes, of the receiver where a frame leaves. */
  peers?: string[];
  protocol?: 'arp' | 'icmp' | 'icmpv6' | 'tcp' | 'udp' | 'ip';
  /** Addresses in the form of RFC 5952 or of IPv4. */
  from?: string[];
  fromPort?: number;
  to?: string[];
  toPort?: number;
}

/** One impairment on a cable. */
export interface Stage extends Matching {
  /** The id of the fault or of the link. Verdicts are told under it. */
  id: string;
  /** `out` is what the host sends. */
  direction: 'out' | 'in';
  impairment: Impairment;
  /** Equal seeds and equal frames give equal verdicts. */
  seed: number;
}

/** The id of the stages that a link of the scenario asks for. */
export const LINK = 'link';

/** Bytes that one opportunity of a trace lets leave. */
export const OPPORTUNITY = 1504;

/** Bits a second of full-size frames that a cable carries on two cores (docs/links.md). */
export const FASTEST = 1e9;
/** Frames that all open cables of one host, or of all hosts on namespaces, hold together. */
export const MOST_HELD = 32_768;

/** Milliseconds. */
export const OVERTAKEN_WITHIN = 100;

export const DROPS = ['loss', 'nth', 'blackhole', 'queue', 'mtu', 'reset', 'reject'] as const;
/** Why a frame is lost. */
export type Drop = (typeof DROPS)[number];

/** The fate of one frame, if it was more than a delay. */
export interface Verdict {
  /** Seconds since 1970 when the frame had come. */
  time: number;
  stage: string;
  direction: 'out' | 'in';
  /** The number of the frame among those that the stage is for; the first is 1. */
  number: number;
  did: 'dropped' | 'doubled' | 'corrupted' | 'overtaken';
  why?: Drop;
  /** The length of the frame in bytes, and its first bytes. */
  length: number;
  head: Uint8Array;
}

/** The counts of one stage since it was put on the cable. */
export interface Tally {
  stage: string;
  direction: 'out' | 'in';
  /** Frames that the stage was for. */
  frames: number;
  dropped: Partial<Record<Drop, number>>;
  doubled: number;
  corrupted: number;
  overtaken: number;
  /** The most milliseconds that a frame left after it was due. No frame leaves before. */
  late: number;
}
