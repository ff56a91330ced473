/** The cable's own answers to packets that it does not carry: TCP resets (RFC 9293), ICMP errors (RFC 792, RFC 4443). */
import type { Drop, Impairment } from './impairment.ts';
import { type Packet, PROTOCOL, read, TYPE } from './packet.ts';

const FLAG = { fin: 0x01, syn: 0x02, reset: 0x04, ack: 0x10 } as const;
/** The types of ICMP errors, which are never answered (RFC 1122 section 3.2.2). In ICMPv6, the types below 128 are errors. */
const ERRORS: readonly number[] = [3, 4, 5, 11, 12];
const FIRST_QUERY = 128;
/** Messages that find out MACs and routers (RFC 4861). */
const DISCOVERY = { first: 133, last: 137 } as const;
/** The largest packets of an ICMP error (RFC 1812 section 4.3.2.3, RFC 4443 section 2.4). */
const LARGEST_ERROR = { ipv4: 576, ipv6: 1280 } as const;
const PORT_UNREACHABLE = { ipv4: [3, 3], ipv6: [1, 4] } as const;
const HEADER = { ipv4: 20, ipv6: 40, tcp: 20, icmp: 8 } as const;
const TTL = 64;

/** Which of its frames an impairment touches; undefined where it touches every one. */
export function concerns({ blackhole, answer }: Impairment): ((frame: Buffer) => boolean) | undefined {
  if (blackhole === 'packets') return isPacket;
  if (answer === 'reject') return (frame) => isPacket(frame) && !isReset(frame);
  if (answer === 'reset') return stands;
  return undefined;
}

function isPacket(frame: Buffer): boolean {
  const packet = read(frame);
  if (!packet || packet.type === TYPE.arp) return false;
  const type = packet.carried === undefined ? undefined : frame[packet.carried];
  const discovers = type !== undefined && type >= DISCOVERY.first && type <= DISCOVERY.last;
  return packet.protocol !== PROTOCOL.icmpv6 || !discovers;
}

function isReset(frame: Buffer): boolean {
  return ((segmentOf(frame)?.flags ?? 0) & FLAG.reset) !== 0;
}

/** Whether it is a segment of a connection that is open, or that one end takes for open. */
function stands(frame: Buffer): boolean {
  const segment = segmentOf(frame);
  return segment !== undefined && (segment.flags & (FLAG.syn | FLAG.reset)) === 0;
}

interface Segment {
  packet: Packet & { carried: number };
  sequence: number;
  acknowledgement: number;
  flags: number;
  /** The sequence numbers that it uses: one for each byte, one for SYN, one for FIN. */
  takes: number;
}

function segmentOf(frame: Buffer): Segment | undefined {
  const packet = read(frame);
  if (packet?.protocol !== PROTOCOL.tcp || packet.carried === undefined) return undefined;
  const { carried } = packet;
  if (frame.length < carried + HEADER.tcp) return undefined;
  const flags = frame[carried + 13]!;
  const bytes = endOf(frame, packet) - carried - (frame[carried + 12]! >> 4) * 4;
  return {
    packet: { ...packet, carried },
    sequence: frame.readUInt32BE(carried + 4),
    acknowledgement: frame.readUInt32BE(carried + 8),
    flags,
    takes: Math.max(0, bytes) + (flags & FLAG.syn ? 1 : 0) + (flags & FLAG.fin ? 1 : 0),
  };
}

/** Where the packet ends: behind it there may be padding. */
function endOf(frame: Buffer, { type, at }: Packet): number {
  const length = type === TYPE.ipv4 ? frame.readUInt16BE(at + 2) : HEADER.ipv6 + frame.readUInt16BE(at + 4);
  return Math.min(frame.length, at + length);
}

/** The cable's answer: `back` goes to the sender of the frame, `on` goes to its receiver instead of it. */
export function answersTo(frame: Buffer, why: Drop): { back?: Buffer; on?: Buffer } {
  if (why !== 'reset' && why !== 'reject') return {};
  const segment = segmentOf(frame);
  if (segment)
    return { back: resetBack(frame, segment), ...(why === 'reset' && { on: resetOn(frame, segment) }) };
  const back = why === 'reject' ? unreachable(frame) : undefined;
  return back ? { back } : {};
}

/** Resets the sender, as a host does that knows no such connection (RFC 9293 section 3.10.7.1). */
function resetBack(frame: Buffer, { packet, sequence, acknowledgement, flags, takes }: Segment): Buffer {
  const numbers =
    flags & FLAG.ack
      ? { sequence: acknowledgement, acknowledgement: 0, flags: FLAG.reset }
      : { sequence: 0, acknowledgement: (sequence + takes) >>> 0, flags: FLAG.reset | FLAG.ack };
  const ports = { from: packet.ports!.to, to: packet.ports!.from };
  return packetOf(frame, packet, 'back', PROTOCOL.tcp, resetOf(ports, numbers));
}

/** Resets the receiver, with exactly the number that it expects next if nothing before it is missing (RFC 5961 section 3). */
function resetOn(frame: Buffer, { packet, sequence, acknowledgement, flags }: Segment): Buffer {
  const numbers = { sequence, acknowledgement, flags: FLAG.reset | (flags & FLAG.ack) };
  return packetOf(frame, packet, 'on', PROTOCOL.tcp, resetOf(packet.ports!, numbers));
}

function resetOf(
  ports: { from: number; to: number },
  { sequence, acknowledgement, flags }: Pick<Segment, 'sequence' | 'acknowledgement' | 'flags'>,
): Buffer {
  const header = Buffer.alloc(HEADER.tcp);
  header.writeUInt16BE(ports.from, 0);
  header.writeUInt16BE(ports.to, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(acknowledgement, 8);
  header[12] = (HEADER.tcp / 4) << 4;
  header[13] = flags;
  return header;
}

/** Port unreachable; undefined where no error may follow (RFC 1122 section 3.2.2): to a group, a later fragment, an error. */
function unreachable(frame: Buffer): Buffer | undefined {
  const packet = read(frame);
  if (!packet || packet.carried === undefined || (frame[0]! & 1) !== 0) return undefined;
  const { protocol, carried, at } = packet;
  const type = frame[carried];
  if (protocol === PROTOCOL.icmp && type !== undefined && ERRORS.includes(type)) return undefined;
  if (protocol === PROTOCOL.icmpv6 && type !== undefined && type < FIRST_QUERY) return undefined;
  const family = packet.type === TYPE.ipv4 ? 'ipv4' : 'ipv6';
  const room = LARGEST_ERROR[family] - HEADER[family] - HEADER.icmp;
  const quoted = frame.subarray(at, Math.min(endOf(frame, packet), at + room));
  const error = Buffer.concat([Buffer.from([...PORT_UNREACHABLE[family], 0, 0, 0, 0, 0, 0]), quoted]);
  return packetOf(frame, packet, 'back', family === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6, error);
}

/** Where a checksum stands in what IP carries. */
const CHECKSUM: Readonly<Record<number, number>> = {
  [PROTOCOL.tcp]: 16,
  [PROTOCOL.icmp]: 2,
  [PROTOCOL.icmpv6]: 2,
};

/** A whole frame: `on` has the ends of `frame`, `back` has them swapped. */
function packetOf(
  frame: Buffer,
  { type, at, from, to }: Packet,
  way: 'back' | 'on',
  protocol: number,
  carried: Buffer,
): Buffer {
  const [destination, source] = [frame.subarray(0, 6), frame.subarray(6, 12)];
  const cards = way === 'on' ? [destination, source] : [source, destination];
  const ends = Buffer.from(way === 'on' ? from + to : to + from, 'hex');
  // With its VLAN tags.
  const ethernet = Buffer.concat([...cards, frame.subarray(12, at)]);
  const pseudo = protocol === PROTOCOL.icmp ? Buffer.alloc(0) : pseudoHeader(ends, protocol, carried.length);
  carried.writeUInt16BE(checksum(Buffer.concat([pseudo, carried])), CHECKSUM[protocol]!);
  return Buffer.concat([ethernet, headerOf(type, protocol, carried.length, ends), carried]);
}

function headerOf(type: number, protocol: number, length: number, ends: Buffer): Buffer {
  if (type === TYPE.ipv6) {
    const header = Buffer.from([0x60, 0, 0, 0, 0, 0, protocol, TTL]);
    header.writeUInt16BE(length, 4);
    return Buffer.concat([header, ends]);
  }
  const header = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 0, 0, 0x40, 0, TTL, protocol, 0, 0]), ends]);
  header.writeUInt16BE(HEADER.ipv4 + length, 2);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

/** RFC 9293 section 3.1, RFC 8200 section 8.1: in either family the sum of these words is the same. */
function pseudoHeader(ends: Buffer, protocol: number, length: number): Buffer {
  const rest = Buffer.alloc(8);
  rest.writeUInt32BE(length, 0);
  rest[7] = protocol;
  return Buffer.concat([ends, rest]);
}

/** RFC 1071. The checksum's own place holds zeros. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
