/** The number of frames of a capture that a ladder can have. */

/** Frames of a file that are kept. Frames beyond this number are only counted. */
export const MOST_FRAMES = 100_000;
