/** The reason that a frame cannot be read as a whole, in words. */

export interface Trouble {
  /** The layer that could not be read: `tcp`; `frame` where only the capture cut it short. */
  layer: string;
  /** Offset in the frame, from 0, at which the missing part would begin. */
  at: number;
  /** In words: `the header is 20 bytes, 12 are there`. */
  missing: string;
}

/** A header that begins at `start` and has fewer bytes than it needs. */
export function short(layer: string, start: number, needed: number, end: number): Trouble {
  const there = Math.max(0, end - start);
  return { layer, at: start + there, missing: `the header is ${needed} bytes, ${there} are there` };
}

/** A header whose own bytes contradict themselves at `at`. */
export function broken(layer: string, at: number, missing: string): Trouble {
  return { layer, at, missing };
}
