/** A row of the bench of links: what it asks of a lab's cables, and what it finds. */
import type { Track } from './track.ts';

export interface Row {
  name: string;
  /** `share` of its frames and its seconds: 1, or less for a quick look. */
  measure(track: Track, share: number): Promise<Found[]>;
}

export interface Found {
  asked: string;
  found: string;
  /** What it should be; absent where a number stands for itself. */
  goal?: string;
  met?: boolean;
}
