/** What pcap and pcapng have in common: cards, and records that follow one another in a file. */
import { LabError } from '../../errors.ts';
import type { Captured } from '../frame.ts';

/** How lanlab's comment on a card begins of which not every frame is in the file. */
export const INCOMPLETE = 'incomplete: ';

/** An interface of a capture; all but the first two where the file says so. */
export interface CaptureCard {
  /** link-types.ts has them. */
  linkType: number;
  /** The most bytes that were kept of a frame; 0 for all. */
  snapLength: number;
  name?: string;
  description?: string;
  hardware?: string;
  comment?: string;
  /** Lower case. */
  mac?: string;
  /** What the capturing program counted at its end: frames received, and of them dropped for want of room. */
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

/** How a kind of file is cut into records, and what they hold. All throw LabError `capture`. */
export interface Format {
  readonly name: 'pcap' | 'pcapng';
  readonly cards: CaptureCard[];
  readonly names: Map<string, string>;
  /** Bytes from which a record tells its size. */
  head(): number;
  size(window: Window, at: number): number;
  /** Reads one record; a frame goes into `frames`. */
  read(window: Window, at: number, frames: Captured[]): void;
}

/** The bytes at this offset of the file are not what must be there. */
export function damaged(offset: number, what: string): LabError {
  return new LabError('capture', `the capture is damaged at byte ${offset}: ${what}`, {
    hint: 'take the capture again; the frames before that byte can be read',
  });
}

/** Bytes of a file to be written, in this order. */
export interface CaptureWriter {
  readonly head: Uint8Array;
  frames(frames: readonly Captured[]): Uint8Array;
  /** What the cards counted, one an interface; nothing where the format has no place for it. */
  end(counts?: readonly Counts[]): Uint8Array;
}

/** What a capturing program counted at a card until this time. */
export interface Counts {
  /** The interface, from 0. */
  card: number;
  received: number;
  dropped: number;
  seconds: number;
  nanoseconds: number;
}
