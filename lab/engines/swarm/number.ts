/** The number of a network on the wire between nodes. */
import { createHash } from 'node:crypto';

/** A VNI (RFC 7348 section 5), 24 bits. Two labs have the same one with a probability of 1 to 16 million. */
export function numberOf(lab: string, network: string): number {
  return createHash('sha256').update(`${lab} ${network}`).digest().readUIntBE(0, 3);
}
