/** Reads what ping prints: that of iputils and that of busybox. Pure. */
import { type PingError, refused, spoken } from './ping-error.ts';

export interface Pinged {
  /** Requests that left the host. */
  sent: number;
  /** Requests that its own kernel refused, as larger than the MTU that it knows of; absent for none. */
  unsent?: number;
  received: number;
  /** Mean round-trip time in milliseconds; absent where nothing answered. */
  rtt?: number;
  /** Round-trip times in milliseconds, as the answers came; absent where none was told. Second copies do not count. */
  times?: number[];
  /** A router or the host itself said that there is no way. */
  unreachable: boolean;
  /** The first words that came in place of an answer. */
  error?: PingError;
}

/** Undefined where ping itself could not work, and so nothing was learnt of the network. */
export function readPing(output: string): Pinged | undefined {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output);
  const error = spoken(output) ?? refused(output);
  const said = { unreachable: error?.kind === 'unreachable', ...(error && { error }) };
  if (!counts) return error && { sent: 0, received: 0, ...said };
  // Ping counts what its kernel refused as transmitted.
  const unsent = [...output.matchAll(/^ping6?: local error: /gm)].length;
  const mean = /(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = [\d.]+\/([\d.]+)\//.exec(output);
  const times = [...output.matchAll(/\btime[=<]([\d.]+) ms(?! \(DUP!\))/g)].map(([, time]) => Number(time));
  return {
    sent: Number(counts[1]) - unsent,
    ...(unsent > 0 && { unsent }),
    received: Number(counts[2]),
    ...(mean && { rtt: Number(mean[1]) }),
    ...(times.length > 0 && { times }),
    ...said,
  };
}

/** In milliseconds: the least, the middle, the time that 99 of 100 do not exceed (nearest rank), the greatest. */
export function spreadOf(times: readonly number[]): {
  min: number;
  median: number;
  p99: number;
  max: number;
} {
  const sorted = times.toSorted((one, other) => one - other);
  const last = sorted.length - 1;
  const median = (sorted[Math.floor(last / 2)]! + sorted[Math.ceil(last / 2)]!) / 2;
  return { min: sorted[0]!, median, p99: sorted[Math.ceil(0.99 * sorted.length) - 1]!, max: sorted[last]! };
}
