/** How many bytes the largest packet of a network, of a card or of a link may have. */
import { z } from 'zod';

/** The smallest that Linux allows (RFC 791: every network carries 68 bytes), and what bridges and veths carry. */
const SMALLEST_MTU = 68;
const LARGEST_MTU = 9000;
/** RFC 8200 section 5. */
export const SMALLEST_MTU_V6 = 1280;

export const mtu = z.int().min(SMALLEST_MTU).max(LARGEST_MTU);
