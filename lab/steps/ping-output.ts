/** Reads what ping prints: that of iputils and that of busybox. Pure. */

export interface Pinged {
  sent: number;
  received: number;
  /** Mean round-trip time in milliseconds; absent where nothing answered. */
  rtt?: number;
  /** A router or the host itself said that there is no way. */
  unreachable: boolean;
}

/** Undefined where there is no summary: ping did not get so far. */
export function readPing(output: string): Pinged | undefined {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output);
  if (!counts) return undefined;
  const times = /(?:rtt|round-trip) min\/avg\/max(?:\/mdev)? = [\d.]+\/([\d.]+)\//.exec(output);
  return {
    sent: Number(counts[1]),
    received: Number(counts[2]),
    ...(times && { rtt: Number(times[1]) }),
    unreachable: /unreachable/i.test(output),
  };
}
