/** Whether one TCP segment sends bytes of another one again. Numbers go round at 2^32 (RFC 9293 section 3.4). */
import type { Frame } from './frame.ts';
import { FIN, SYN } from './tcp.ts';

/** Whether `later` has the first byte of `first`; false where `first` takes no sequence number, as a bare ACK. */
export function sendsFirstByteOf(first: Frame, later: Frame): boolean {
  if (!first.tcp || !later.tcp || numbersOf(first) === 0) return false;
  const before = (first.tcp.sequence - later.tcp.sequence) >>> 0;
  return before < numbersOf(later);
}

/** The sequence numbers that a segment takes: one for each byte, for a SYN and for a FIN. */
function numbersOf({ tcp, carried }: Frame): number {
  const { flags } = tcp!;
  return carried + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}
