/**
 * Whether two frames carry one packet: a router gives it other cards and another TTL, and a NAT other addresses and
 * ports. All other fields are compared. A datagram has few others: the same data sent twice may be taken for one packet.
 */
import type { Frame } from './frame.ts';

export function isSamePacket(one: Frame, other: Frame): boolean {
  if (!one.ip || one.ip.kind !== other.ip?.kind) return false;
  if (isFragmentOf(one, other)) return true;
  if (one.tcp && other.tcp) return isSameSegment(one, other);
  if (one.udp && other.udp) return sharesAnEnd(one, other) && isSamePayload(one, other);
  const [asked, found] = [one.icmp ?? one.icmpv6, other.icmp ?? other.icmpv6];
  if (!asked || !found || asked.type !== found.type || asked.code !== found.code) return false;
  return asked.sequence === found.sequence && sharesAnEnd(one, other);
}

/** RFC 6864: the fragments that a router makes keep the identification of the packet. */
function isFragmentOf({ ipv4: one }: Frame, { ipv4: other }: Frame): boolean {
  if (!one || !other || one.identification === 0) return false;
  const { identification, source, destination, protocol } = one;
  const same = other.source === source && other.destination === destination && other.protocol === protocol;
  return same && other.identification === identification;
}

function isSameSegment(one: Frame, other: Frame): boolean {
  const [mine, theirs] = [one.tcp, other.tcp];
  if (mine?.sequence !== theirs?.sequence || mine?.acknowledgement !== theirs?.acknowledgement) return false;
  return mine?.flags === theirs?.flags && isSamePayload(one, other);
}

/** A NAT may change both addresses, and keeps ports where it can. */
function sharesAnEnd({ ip: one, udp: mine }: Frame, { ip: other, udp: theirs }: Frame): boolean {
  if (one?.source === other?.source || one?.destination === other?.destination) return true;
  return mine !== undefined && mine.sourcePort === theirs?.sourcePort;
}

function isSamePayload({ bytes, payload }: Frame, other: Frame): boolean {
  const mine = bytes.subarray(payload.start, payload.end);
  const theirs = other.bytes.subarray(other.payload.start, other.payload.end);
  return Buffer.compare(mine, theirs) === 0;
}
