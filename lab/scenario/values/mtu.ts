/** How many bytes the largest packet of a network or of a link may have. */

/** The smallest that Linux allows (RFC 791: every network carries 68 bytes), and what bridges and veths carry. */
export const SMALLEST_MTU = 68;
export const LARGEST_MTU = 9000;
