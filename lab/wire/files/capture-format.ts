/** The common part of pcap and pcapng: cards, and records that follow one another in a file. */
import { LabError } from '../../errors.ts';
import type { Captured } from '../frame.ts';

/** The beginning of lanlab's comment on a card where some of its frames are not in the file. */
export const INCOMPLETE = 'incomplete: ';

/** An interface of a capture. Only the first two fields are in every file. */
export interface CaptureCard {
  /** A number of link-types.ts. */
  linkType: number;
  /** The most bytes that were kept of a frame; 0 for all. */
  snapLength: number;
  name?: string;
  description?: string;
  hardware?: string;
  comment?: string;
  /** Lower case. */
  mac?: string;
  /** The counts of the capturing program at its end: frames received, and those of them dropped because of no room. */
  received?: number;
  dropped?: number;
}

/** A run of bytes of the file. */
export interface Window {
  bytes: Uint8Array;
  view: DataView;
  /** Offset of `bytes[0]` in the file. */
  base: number;
}

/** How a kind of file is cut into records, and how these are read. All functions throw LabError `capture`. */
export interface Format {
  readonly name: 'pcap' | 'pcapng';
  readonly cards: CaptureCard[];
  readonly names: Map<string, string>;
  /** The number of bytes of a record that tell its size. */
  head(): number;
  size(window: Window, at: number): number;
  /** Reads one record; a frame goes into `frames`. */
  read(window: Window, at: number, frames: Captured[]): void;
}

/** The error for wrong bytes at this offset of the file. */
export function damaged(offset: number, what: string): LabError {
  return new LabError('capture', `the capture is damaged at byte ${offset}: ${what}`, {
    hint: 'take the capture again; the frames before that byte can be read',
  });
}

/** Bytes of a file to be written, in this order. */
export interface CaptureWriter {
  readonly head: Uint8Array;
  frames(frames: readonly Captured[]): Uint8Array;
  /** The counts of the cards, one for each interface; empty where the format has no place for them. */
  end(counts?: readonly Counts[]): Uint8Array;
}

/** The counts of a capturing program at a card until this time. */
export interface Counts {
  /** The interface, from 0. */
  card: number;
  received: number;
  dropped: number;
  seconds: number;
  nanoseconds: number;
}
