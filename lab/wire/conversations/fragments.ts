/**
 * Packets in fragments (RFC 791 section 3.2, RFC 8200 section 4.5): which frames are pieces of one, and how much a TCP
 * segment holds of which only the first piece has the header.
 */
import type { Frame } from '../frame.ts';
import { nanosecondsBetween } from '../stamp.ts';
import type { SeenFrame } from '../timeline.ts';

/** Pieces of one packet are no further apart (RFC 8200: 60 s); later the identification is another packet's. */
const TOGETHER = 60e9;

/** The pieces of a packet that were seen, in the order of the timeline. */
export interface Pieces {
  all: SeenFrame[];
  /** The piece that has the header of what the packet carries. */
  first?: SeenFrame;
  /** Where the furthest of them ends: bytes after the header of IP. */
  end: number;
}

/** One entry a packet that came in fragments. */
export function piecesOf(frames: readonly SeenFrame[]): Pieces[] {
  const packets: Pieces[] = [];
  const latest = new Map<string, Pieces>();
  for (const seen of frames) {
    const key = keyOf(seen.frame);
    if (key === undefined) continue;
    let pieces = latest.get(key);
    if (!pieces || isLong(pieces.all.at(-1)!, seen)) {
      pieces = { all: [], end: 0 };
      packets.push(pieces);
      latest.set(key, pieces);
    }
    pieces.all.push(seen);
    pieces.end = Math.max(pieces.end, endOf(seen.frame));
    if (seen.frame.ip!.fragmentOffset === 0) pieces.first ??= seen;
  }
  return packets;
}

/** Bytes of data of each TCP segment that came in fragments, by the frame that has its header. */
export function dataInFragments(frames: readonly SeenFrame[]): Map<SeenFrame, number> {
  const lengths = new Map<SeenFrame, number>();
  for (const { all, end } of piecesOf(frames)) {
    for (const seen of all) {
      const { tcp, ip } = seen.frame;
      // Each copy that routers hand on has a first fragment of its own.
      if (tcp && ip) lengths.set(seen, Math.max(0, end - (tcp.end - startOf(seen.frame))));
    }
  }
  return lengths;
}

/** Undefined for what is no fragment. */
function keyOf({ ip }: Frame): string | undefined {
  if (!ip || (ip.fragmentOffset === 0 && !ip.moreFragments)) return undefined;
  // Of IPv6 every fragment names what follows, of IPv4 the identification is of a protocol.
  const of = ip.kind === 'ipv4' ? ip.protocol : 'ipv6';
  return `${ip.source} ${ip.destination} ${ip.identification} ${of}`;
}

function endOf(frame: Frame): number {
  const { ip, payload } = frame;
  return ip!.fragmentOffset + payload.start + frame.carried - startOf(frame);
}

/** Where the fragment's own bytes begin: behind the header of IP, of IPv6 behind the fragment header. */
function startOf({ ip }: Frame): number {
  if (ip!.kind === 'ipv4') return ip!.end;
  return ip!.extensions.findLast(({ protocol }) => protocol === 44)?.end ?? ip!.end;
}

function isLong({ sightings: [one] }: SeenFrame, { sightings: [other] }: SeenFrame): boolean {
  return Math.abs(nanosecondsBetween(one!, other!)) > TOGETHER;
}
