/** Whether a frame is one that a stage is for: read from its first bytes, since this is asked of every frame. */
import { isIPv6, SocketAddress } from 'node:net';
import type { Matching } from './impairment.ts';

const TYPE = { ipv4: 0x0800, arp: 0x0806, tag: 0x8100, ipv6: 0x86dd } as const;
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
/** Extension headers of IPv6 that stand between it and what it carries (RFC 8200): these are passed over. */
const EXTENSIONS: readonly number[] = [0, 43, 60];
const FRAGMENT = 44;

export type Matcher = (frame: Buffer, direction: 'out' | 'in') => boolean;

/** A frame whose end cannot be told (a fragment that is not the first has no ports) is not one that names a port. */
export function matcher({ peers, protocol, from, fromPort, to, toPort }: Matching): Matcher {
  const cards = peers && new Set(peers.map((mac) => mac.replaceAll(':', '')));
  const [senders, receivers] = [from, to].map((all) => all && new Set(all.map(keyOf)));
  const ofPacket = protocol ?? senders ?? receivers ?? fromPort ?? toPort;
  return (frame, direction) => {
    if (cards && !cards.has(direction === 'out' ? frame.toString('hex', 0, 6) : frame.toString('hex', 6, 12)))
      return false;
    if (ofPacket === undefined) return true;
    const packet = read(frame);
    if (!packet) return false;
    if (protocol !== undefined && !isOf(packet, protocol)) return false;
    if (senders && !senders.has(packet.from)) return false;
    if (receivers && !receivers.has(packet.to)) return false;
    if (fromPort !== undefined && packet.ports?.from !== fromPort) return false;
    return toPort === undefined || packet.ports?.to === toPort;
  };
}

interface Packet {
  type: number;
  /** Of IP. */
  protocol?: number;
  /** Hexadecimal digits. */
  from: string;
  to: string;
  ports?: { from: number; to: number };
}

function isOf({ type, protocol }: Packet, wanted: NonNullable<Matching['protocol']>): boolean {
  if (wanted === 'arp') return type === TYPE.arp;
  if (wanted === 'ip') return type !== TYPE.arp;
  return protocol === PROTOCOL[wanted];
}

function read(frame: Buffer): Packet | undefined {
  let at = 12;
  if (frame.length < 14) return undefined;
  while (frame.length >= at + 6 && frame.readUInt16BE(at) === TYPE.tag) at += 4;
  const type = frame.readUInt16BE(at);
  at += 2;
  if (type === TYPE.arp && frame.length >= at + 28)
    return {
      type,
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
    return { type, protocol, ...ends, ...(!later && portsOf(frame, at + (frame[at]! & 15) * 4, protocol)) };
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
    return { type, protocol, ...ends, ...(!later && portsOf(frame, next, protocol)) };
  }
  return undefined;
}

function portsOf(frame: Buffer, at: number, protocol: number): Pick<Packet, 'ports'> | undefined {
  if ((protocol !== PROTOCOL.tcp && protocol !== PROTOCOL.udp) || frame.length < at + 4) return undefined;
  return { ports: { from: frame.readUInt16BE(at), to: frame.readUInt16BE(at + 2) } };
}

function keyOf(address: string): string {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (family === 'ipv4')
    return address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
  return expand(new SocketAddress({ address, family }).address);
}

/** All 32 digits of an IPv6 address. */
function expand(address: string): string {
  const [head = '', tail] = address.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [words(head), words(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array<string>(zeros).fill('0'), ...back].map((word) => word.padStart(4, '0')).join('');
}
