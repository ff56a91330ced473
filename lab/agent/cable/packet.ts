/** The packet in a frame, as far as the cable must know it: its ends, its protocol, and where its parts begin. */

export const TYPE = { ipv4: 0x0800, arp: 0x0806, tag: 0x8100, ipv6: 0x86dd } as const;
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
/** Extension headers between the header of IPv6 and its payload (RFC 8200). They are skipped. */
const EXTENSIONS: readonly number[] = [0, 43, 60];
const FRAGMENT = 44;

export interface Packet {
  type: number;
  /** The protocol number of IP. */
  protocol?: number;
  /** Addresses, in hexadecimal digits. */
  from: string;
  to: string;
  ports?: { from: number; to: number };
  /** The start of the header of IP or of ARP. */
  at: number;
  /** The start of IP's payload; absent in a fragment that is not the first. */
  carried?: number;
}

/** Undefined where the frame is neither ARP nor IP, or is cut short. */
export function read(frame: Buffer): Packet | undefined {
  let at = 12;
  if (frame.length < 14) return undefined;
  while (frame.length >= at + 6 && frame.readUInt16BE(at) === TYPE.tag) at += 4;
  const type = frame.readUInt16BE(at);
  at += 2;
  if (type === TYPE.arp && frame.length >= at + 28)
    return {
      type,
      at,
      from: frame.toString('hex', at + 14, at + 18),
      to: frame.toString('hex', at + 24, at + 28),
    };
  if (type === TYPE.ipv4 && frame.length >= at + 20) {
    const later = (frame.readUInt16BE(at + 6) & 0x1fff) !== 0;
    const protocol = frame[at + 9]!;
    const ends = {
      from: frame.toString('hex', at + 12, at + 16),
      to: frame.toString('hex', at + 16, at + 20),
    };
    return {
      type,
      at,
      protocol,
      ...ends,
      ...(!later && partsOf(frame, at + (frame[at]! & 15) * 4, protocol)),
    };
  }
  if (type === TYPE.ipv6 && frame.length >= at + 40) {
    const ends = {
      from: frame.toString('hex', at + 8, at + 24),
      to: frame.toString('hex', at + 24, at + 40),
    };
    let [protocol, next] = [frame[at + 6]!, at + 40];
    let later = false;
    while ((EXTENSIONS.includes(protocol) || protocol === FRAGMENT) && frame.length >= next + 8) {
      const [following, size] = [frame[next]!, protocol === FRAGMENT ? 8 : (frame[next + 1]! + 1) * 8];
      if (protocol === FRAGMENT) later = (frame.readUInt16BE(next + 2) & 0xfff8) !== 0;
      [protocol, next] = [following, next + size];
    }
    return { type, at, protocol, ...ends, ...(!later && partsOf(frame, next, protocol)) };
  }
  return undefined;
}

function partsOf(frame: Buffer, at: number, protocol: number): Pick<Packet, 'ports' | 'carried'> {
  const carried = at;
  if ((protocol !== PROTOCOL.tcp && protocol !== PROTOCOL.udp) || frame.length < at + 4) return { carried };
  return { carried, ports: { from: frame.readUInt16BE(at), to: frame.readUInt16BE(at + 2) } };
}
