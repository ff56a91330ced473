/**
 * Packets in fragments (RFC 791 section 3.2, RFC 8200 section 4.5): the frames that are pieces of one packet. Only the
 * first piece of a TCP segment has its header, so the length of the data comes from all pieces.
 */
import type { Frame } from '../frame.ts';
import { nanosecondsBetween } from '../stamp.ts';
import type { SeenFrame } from '../timeline.ts';

/** The longest time between pieces of one packet (RFC 8200: 60 s). Later the identification is another packet's. */
const TOGETHER = 60e9;

/** The pieces of a packet that were seen, in the order of the timeline. */
export interface Pieces {
  all: SeenFrame[];
  /** The piece with the header of the packet's content. */
  first?: SeenFrame;
  /** The end of the furthest piece: bytes after the header of IP. */
  end: number;
}

/** One entry for each packet that came in fragments. */
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
      // Each copy that a router makes has a first fragment of its own.
      if (tcp && ip) lengths.set(seen, Math.max(0, end - (tcp.end - startOf(seen.frame))));
    }
  }
  return lengths;
}

/** Undefined for a packet that is not a fragment. */
function keyOf({ ip }: Frame): string | undefined {
  if (!ip || (ip.fragmentOffset === 0 && !ip.moreFragments)) return undefined;
  // In IPv4 identifications are counted for each protocol; in IPv6 they are not.
  const of = ip.kind === 'ipv4' ? ip.protocol : 'ipv6';
  return `${ip.source} ${ip.destination} ${ip.identification} ${of}`;
}

function endOf(frame: Frame): number {
  const { ip, payload } = frame;
  return ip!.fragmentOffset + payload.start + frame.carried - startOf(frame);
}

/** The begin of the fragment's own bytes: after the header of IPv4, or after the fragment header of IPv6. */
function startOf({ ip }: Frame): number {
  if (ip!.kind === 'ipv4') return ip!.end;
  return ip!.extensions.findLast(({ protocol }) => protocol === 44)?.end ?? ip!.end;
}

function isLong({ sightings: [one] }: SeenFrame, { sightings: [other] }: SeenFrame): boolean {
  return Math.abs(nanosecondsBetween(one!, other!)) > TOGETHER;
}
