/** Options of a TCP connection as steps set them: Nagle's algorithm and keepalive probes. RFC 9293 sections 3.7.4 and 3.8.4. */
import { z } from 'zod';
import type { TcpOptions } from '../agent/protocol.ts';
import { duration } from '../scenario/values/values.ts';

/** Seconds, and probes, that Linux takes at most (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT). */
const MOST_SECONDS = 32_767;
const MOST_PROBES = 127;

const wholeSeconds = duration.superRefine((milliseconds, context) => {
  const seconds = milliseconds / 1000;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS) return;
  const message = 'a time of keepalive is in whole seconds';
  const hint = `the kernel takes 1s to ${MOST_SECONDS}s`;
  context.addIssue({ code: 'custom', message, params: { hint } });
});

const keepalive = z.strictObject({
  idle: wholeSeconds
    .exactOptional()
    .describe('How long nothing has come before the first probe (2h by default).'),
  interval: wholeSeconds.exactOptional().describe('The time between two probes (75s by default).'),
  count: z
    .int()
    .min(1)
    .max(MOST_PROBES)
    .exactOptional()
    .describe('Probes without an answer before the connection is given up (9 by default).'),
});

/** The keys of a step that has a connection. */
export const TCP_OPTIONS = {
  nodelay: z
    .boolean()
    .exactOptional()
    .describe(
      "false: Nagle's algorithm holds small segments back while data is unacknowledged. true is the default: each send leaves at once.",
    ),
  keepalive: z
    .union([z.boolean(), keepalive])
    .exactOptional()
    .describe(
      'Probes a peer from which nothing comes. true takes the times of the kernel (`net.ipv4.tcp_keepalive_*`), false ends it. ' +
        'A map sets them: `idle`, `interval` (both in whole seconds) and `count`.',
    ),
};

/** Those that are said; undefined for none. */
export function optionsIn({ nodelay, keepalive }: TcpOptions): TcpOptions | undefined {
  if (nodelay === undefined && keepalive === undefined) return undefined;
  return { ...(nodelay !== undefined && { nodelay }), ...(keepalive !== undefined && { keepalive }) };
}
