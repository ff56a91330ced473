/** How many TCP connections a port may have at once: a flood of them must not take every descriptor of the process. */
import { readFileSync } from 'node:fs';

/** At most so many, however many descriptors there are. */
export const CONNECTIONS = 16_384;
/** The part of the process's descriptors that the connections of one port may take. Open files need the others. */
const SHARE = 0.6;

/** The limit for this process, from the number of descriptors that it may have. */
export function connectionLimit(limits = '/proc/self/limits'): number {
  return Math.max(1, Math.min(CONNECTIONS, Math.floor(descriptors(limits) * SHARE)));
}

/** Node raises the soft limit to the hard one when it starts. */
function descriptors(limits: string): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(limits, 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
