/** Captured frames made by hand, byte by byte, for tests that need a few. */
import type { Captured } from '../../lab/wire/frame.ts';
import type { Card } from '../../lab/wire/timeline.ts';

export const MACS = { alice: '02:6c:61:00:00:01', echo: '02:6c:61:00:00:02', bob: '02:6c:61:00:00:03' };
export const ADDRESSES = { alice: '10.50.1.21', echo: '10.50.1.10', bob: '10.50.1.22' };
export type Host = keyof typeof MACS;

export function cardOf(host: Host, network = 'office'): Card {
  return { host, name: 'eth0', mac: MACS[host], network, addresses: [ADDRESSES[host]] };
}

/** At a time in microseconds after an instant. */
export function captured(bytes: Uint8Array, microseconds: number, more: Partial<Captured> = {}): Captured {
  const seconds = 1_700_000_000 + Math.floor(microseconds / 1e6);
  const nanoseconds = Math.round((microseconds % 1e6) * 1000);
  return { seconds, nanoseconds, bytes, length: bytes.length, card: 0, ...more };
}

export function ethernet(to: Host | 'everyone', from: Host, type: number, content: Uint8Array): Uint8Array {
  const destination = to === 'everyone' ? 'ff:ff:ff:ff:ff:ff' : MACS[to];
  return Buffer.concat([hex(destination), hex(MACS[from]), uint16(type), content]);
}

export function arpRequest(from: Host, about: Host): Uint8Array {
  const sender = Buffer.concat([hex(MACS[from]), dotted(ADDRESSES[from])]);
  const fixed = Buffer.from('0001080006040001', 'hex');
  return ethernet(
    'everyone',
    from,
    0x0806,
    Buffer.concat([fixed, sender, Buffer.alloc(6), dotted(ADDRESSES[about])]),
  );
}

export interface Segment {
  from: Host;
  to: Host;
  sourcePort: number;
  destinationPort: number;
  flags: number;
  sequence: number;
  acknowledgement?: number;
  window?: number;
  payload?: string;
  /** Tells a retransmission from the same frame twice. */
  identification?: number;
  options?: Uint8Array;
}

/** A TCP segment in IPv4 in Ethernet; TCP's checksum is left out. */
export function tcp(segment: Segment): Uint8Array {
  const options = segment.options ?? new Uint8Array(0);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(segment.sourcePort, 0);
  header.writeUInt16BE(segment.destinationPort, 2);
  header.writeUInt32BE(segment.sequence >>> 0, 4);
  header.writeUInt32BE((segment.acknowledgement ?? 0) >>> 0, 8);
  header.writeUInt8(((20 + options.length) / 4) << 4, 12);
  header.writeUInt8(segment.flags, 13);
  header.writeUInt16BE(segment.window ?? 64_000, 14);
  const content = Buffer.concat([header, options, Buffer.from(segment.payload ?? '')]);
  return ethernet(segment.to, segment.from, 0x0800, ipv4(segment, content));
}

function ipv4({ from, to, identification = 0 }: Segment, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + content.length, 2);
  header.writeUInt16BE(identification, 4);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(6, 9);
  header.set(dotted(ADDRESSES[from]), 12);
  header.set(dotted(ADDRESSES[to]), 16);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~sum & 0xffff, 10);
  return Buffer.concat([header, content]);
}

function hex(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

function dotted(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
