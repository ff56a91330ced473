/** Reads what ping prints: that of iputils and that of busybox. Pure. */
import { type PingError, spoken, unsent } from './ping-error.ts';

export interface Pinged {
  sent: number;
  received: number;
  /** Mean round-trip time in milliseconds; absent where nothing answered. */
  rtt?: number;
  /** A router or the host itself said that there is no way. */
  unreachable: boolean;
  /** What was said in place of an answer, the first time that anything was. */
  error?: PingError;
}

/** Undefined where ping itself could not work, and so nothing was learnt of the network. */
export function readPing(output: string): Pinged | undefined {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output);
  const error = spoken(output) ?? unsent(output);
  const said = { unreachable: error?.kind === 'unreachable', ...(error && { error }) };
  if (!counts) return error && { sent: 0, received: 0, ...said };
  const times = /(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = [\d.]+\/([\d.]+)\//.exec(output);
  return {
    sent: Number(counts[1]),
    received: Number(counts[2]),
    ...(times && { rtt: Number(times[1]) }),
    ...said,
  };
}
