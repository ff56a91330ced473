/** Whether a stage is for a frame: read from the frame's first bytes, since this is asked of every frame. */
import { isIPv6, SocketAddress } from 'node:net';
import type { Matching } from './impairment.ts';
import { type Packet, PROTOCOL, read, TYPE } from './packet.ts';

export type Matcher = (frame: Buffer, direction: 'out' | 'in') => boolean;

/** Where a port is named, a frame without known ports does not match, such as a fragment that is not the first. */
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

function isOf({ type, protocol }: Packet, wanted: NonNullable<Matching['protocol']>): boolean {
  if (wanted === 'arp') return type === TYPE.arp;
  if (wanted === 'ip') return type !== TYPE.arp;
  return protocol === PROTOCOL[wanted];
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
