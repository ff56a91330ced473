/** The packet of a step, or its answer, as the rules of one host on its way see it. */
import type { Evidence } from './evidence.ts';
import type { Packet } from './nft-match.ts';
import { type Ends, isTranslated, type PathHost } from './path-host.ts';
import type { Target } from './target.ts';

/** Before the host's NAT has done anything with it. */
export function asItCame(pathHost: PathHost, target: Target, evidence: Evidence): Packet {
  return packetWith(pathHost.before, pathHost, target, evidence);
}

/** For whom it is has been written as it came in; from whom is written as it leaves. */
export function asItPasses(pathHost: PathHost, target: Target, evidence: Evidence): Packet {
  const { before, after } = pathHost;
  return packetWith({ source: before.source, destination: after.destination }, pathHost, target, evidence);
}

function packetWith(
  { source, destination }: Ends,
  pathHost: PathHost,
  target: Target,
  { outcome }: Evidence,
): Packet {
  const { leg, came, by } = pathHost;
  const asks = leg === 'forth';
  const goesOn = outcome.conversation !== undefined && outcome.opened !== true;
  const connected = target.transport === 'tcp' && outcome.tuple !== undefined;
  // Whether a datagram of a socket that was open before is the first of its flow is not known here.
  const asked = connected ? 'established' : goesOn ? undefined : 'new';
  return {
    protocol: target.transport,
    source: source.address,
    destination: destination.address,
    sourcePort: source.port || undefined,
    destinationPort: destination.port || undefined,
    ...(target.transport === 'icmp' && { icmpType: asks ? 'echo-request' : 'echo-reply' }),
    state: asks ? asked : 'established',
    forwarded: asks ? isTranslated(pathHost) : undefined,
    in: came?.in.name,
    out: by?.name,
  };
}
