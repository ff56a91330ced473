/** The packet of a step, or its answer, as the rules of one host on its way see it. */
import type { Evidence } from './evidence.ts';
import type { Packet } from './nft-match.ts';
import { type Ends, isTranslated, type PathHost } from './path-host.ts';
import type { Target } from './target.ts';

/** The packet before the host's NAT has changed it. */
export function asItCame(pathHost: PathHost, target: Target, evidence: Evidence): Packet {
  return packetWith(pathHost.before, pathHost, target, evidence);
}

/** The packet inside the host: its NAT has written the destination already, and writes the source when it leaves. */
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
  // On a socket that was open before, it is not known here whether a datagram is the first of its flow.
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
