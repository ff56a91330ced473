/** ICMP echo from a host, for a test. RFC 792. */
import { NetworkFailure } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import { argvOf, giveUpOf, noAnswer } from '../steps/ping.ts';
import { type Pinged, readPing } from '../steps/ping-output.ts';
import type { ByFamily, Patience } from './waiting.ts';

export type { Pinged } from '../steps/ping-output.ts';

export interface PingOptions extends Patience, ByFamily {
  /** Requests; default one. */
  count?: number;
  /** IP time to live. */
  ttl?: number;
  /** Bytes of data in each request, 0 to 65,507; default 56. */
  size?: number;
  /** True: nobody cuts the requests into fragments. False: routers of IPv4 may. By default the kernel decides. */
  df?: boolean;
}

/** Throws LabError (`unsupported`) where the host has no ping, with the hint. */
export async function pingFrom(
  host: LiveHost,
  address: string,
  { count, ttl, size, df, giveUp }: PingOptions,
): Promise<Pinged> {
  const able = host.capabilities.ping;
  if (able !== true) throw new LabError('unsupported', `${host.name} cannot ping: ${able.why}`, able);
  const began = performance.now();
  const request = {
    ...(count !== undefined && { count }),
    ...(ttl !== undefined && { ttl }),
    ...(size !== undefined && { size }),
    ...(df !== undefined && { df }),
    ...(giveUp !== undefined && { give_up: giveUp }),
  };
  const { stdout, stderr } = await host.agent.exec({
    argv: argvOf(request, address),
    env: { LC_ALL: 'C' },
    giveUp: giveUpOf(request) + 5000,
  });
  const output = Buffer.concat([stdout, stderr]).toString();
  const pinged = readPing(output);
  if (!pinged) throw new LabError('program', `ping at ${host.name} said: ${output.trim()}`);
  if (pinged.received === 0) throw new NetworkFailure(noAnswer(pinged, performance.now() - began));
  return pinged;
}
