/** How many frames of a capture are read for a ladder. */

/** Frames that are kept of a file: those beyond are counted, not held. */
export const MOST_FRAMES = 100_000;
