/**
 * Captures of every kind, made here: one conversation behind each link type, in each file format, and the shapes in
 * which captures of the field differ from what a textbook shows. For tests of the reader and of the ladder.
 */
import { gzipSync } from 'node:zlib';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { interfaceBlock, ORDERS, packet, pcapFile, pcapRecord, section } from './capture-bytes.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';
import { pcapWriter } from './encode/pcap.ts';
import { dot3, LINK_MACS, snap, stp, wireless } from './link-bytes.ts';
import { IPV4, IPV6, LINK_KINDS } from './link-kinds.ts';

const { alice, echo, ap } = LINK_MACS;
const [LITTLE, BIG] = [ORDERS[0]!, ORDERS[1]!];
const MICROSECONDS = 0xa1b2c3d4;

export const V4 = { alice: '10.9.0.1', echo: '10.9.0.2' };
export const V6 = { alice: 'fd00:9::1', echo: 'fd00:9::2' };

type Ip = 4 | 6;

function ip(from: 'alice' | 'echo', version: Ip): Partial<FrameFields> {
  const to = from === 'alice' ? 'echo' : 'alice';
  if (version === 4) return { ipv4: { source: V4[from], destination: V4[to], identification: 7 } };
  return { ipv6: { source: V6[from], destination: V6[to] } };
}

export interface Piece {
  from: 'alice' | 'echo';
  bytes: Uint8Array;
  type: number;
}

/** A packet without a link, and who sends it. */
export function piece(from: 'alice' | 'echo', fields: FrameFields, version: Ip = 4): Piece {
  return { from, bytes: encodeFrame({ ...ip(from, version), ...fields }), type: version === 4 ? IPV4 : IPV6 };
}

/** One segment between port 40000 of alice and port 80 of echo. */
export function segment(
  from: 'alice' | 'echo',
  flags: number,
  [sequence, acknowledgement]: [number, number],
  data = '',
  version: Ip = 4,
): Piece {
  const [sourcePort, destinationPort] = from === 'alice' ? [40_000, 80] : [80, 40_000];
  const tcp = { sourcePort, destinationPort, flags, sequence, acknowledgement };
  return piece(from, { tcp, payload: Buffer.from(data) }, version);
}

/** From SYN to the last ACK, a thousand bytes one way and five hundred the other. */
export function talk(version: Ip = 4): Piece[] {
  const say = (from: 'alice' | 'echo', flags: number, numbers: [number, number], data = '') =>
    segment(from, flags, numbers, data, version);
  return [
    say('alice', 2, [100, 0]),
    say('echo', 18, [500, 101]),
    say('alice', 16, [101, 501]),
    say('alice', 24, [101, 501], 'x'.repeat(1000)),
    say('echo', 16, [501, 1101]),
    say('echo', 24, [501, 1101], 'y'.repeat(500)),
    say('alice', 16, [1101, 1001]),
    say('alice', 17, [1101, 1001]),
    say('echo', 17, [1001, 1102]),
    say('alice', 16, [1102, 1002]),
  ];
}

export function onEthernet({ from, bytes, type }: Piece, padTo = 60): Uint8Array {
  const [source, destination] = from === 'alice' ? [alice, echo] : [echo, alice];
  return encodeFrame({ ethernet: { source, destination, type }, payload: bytes, padTo });
}

/** A millisecond apart, kept whole unless a length is given. */
export function captured(frames: readonly Uint8Array[], kept = Number.POSITIVE_INFINITY): Captured[] {
  return frames.map((bytes, index) => ({
    seconds: 1_700_000_000,
    nanoseconds: index * 1_000_000,
    bytes: bytes.subarray(0, kept),
    length: bytes.length,
    card: 0,
  }));
}

/** As pcap of nanoseconds on Ethernet. */
export function ethernetFile(frames: readonly Captured[]): Buffer {
  const { head, frames: records } = pcapWriter();
  return Buffer.concat([head, records(frames)]);
}

/** As pcap of microseconds, of any link type. */
export function linkFile(frames: readonly Uint8Array[], linkType: number, order = LITTLE): Buffer {
  const records = frames.map((bytes, index) => pcapRecord(order, 1_700_000_000, index * 1000, bytes));
  return pcapFile(order, MICROSECONDS, records, linkType);
}

/** Cards of several link types in one file: each frame has the number of its card. */
export function mixedFile(
  cards: readonly number[],
  frames: readonly [card: number, bytes: Uint8Array][],
): Buffer {
  const blocks = cards.map((linkType) => interfaceBlock(LITTLE, linkType));
  const packets = frames.map(([card, bytes], index) =>
    packet(LITTLE, card, 1_700_000_000_000_000n + BigInt(index * 10), bytes),
  );
  return Buffer.concat([section(LITTLE), ...blocks, ...packets]);
}

/** A segment whose length no header says: IPv4's total length, or IPv6's payload length, is 0. */
export function offloaded(version: Ip, length: number): Uint8Array {
  const big = segment('alice', 24, [101, 501], 'z'.repeat(length), version);
  big.bytes.fill(0, version === 4 ? 2 : 4, version === 4 ? 4 : 6);
  return onEthernet(big);
}

/** The packet cut into fragments of so many bytes of data, a multiple of 8. */
export function fragments({ from, bytes, type }: Piece, size: number): Piece[] {
  const header = type === IPV4 ? 20 : 40;
  const data = bytes.subarray(header);
  const pieces: Piece[] = [];
  for (let offset = 0; offset < data.length; offset += size) {
    const more = offset + size < data.length;
    const payload = data.subarray(offset, offset + size);
    pieces.push(
      type === IPV4 ? fragment4(from, offset, more, payload) : fragment6(from, offset, more, payload),
    );
  }
  return pieces;
}

function fragment4(
  from: 'alice' | 'echo',
  fragmentOffset: number,
  moreFragments: boolean,
  payload: Uint8Array,
) {
  const { ipv4 } = ip(from, 4);
  const fields = { ...ipv4!, identification: 77, fragmentOffset, moreFragments, protocol: 6 };
  return { from, type: IPV4, bytes: encodeFrame({ ipv4: fields, payload }) };
}

/** What follows the fragment header is named by hand: an encoder would take the payload for something else. */
function fragment6(from: 'alice' | 'echo', offset: number, more: boolean, payload: Uint8Array): Piece {
  const { ipv6 } = ip(from, 6);
  const bytes = encodeFrame({
    ipv6: ipv6!,
    extensions: [{ fragment: { offset, more, identification: 77 } }],
    payload,
  });
  bytes[40] = 6;
  return { from, type: IPV6, bytes };
}

export function arpMessage(operation: number, targetAddress = V4.echo): Uint8Array {
  return encodeFrame({
    ethernet: { source: alice, destination: echo, ...(operation === 3 && { type: 0x8035 }) },
    arp: { operation, senderMac: alice, senderAddress: V4.alice, targetMac: echo, targetAddress },
    padTo: 60,
  });
}

/** The clock is set back by 50 ms after the second frame. */
export function clockStep(): Captured[] {
  return captured(talk().map((one) => onEthernet(one))).map((frame, index) => {
    const milliseconds = 100 + index - (index > 1 ? 50 : 0);
    return { ...frame, nanoseconds: milliseconds * 1_000_000 };
  });
}

export function sameNames(): Buffer {
  const { head, frames } = pcapngWriter({
    cards: [{ name: 'eth0' }],
    names: new Map([
      [V4.alice, 'localhost'],
      [V4.echo, 'localhost'],
    ]),
  });
  return Buffer.concat([head, frames(captured(talk().map((one) => onEthernet(one))))]);
}

export const DOT3 = {
  stp: dot3('01:80:c2:00:00:00', alice, Buffer.concat([stp(ap, alice), Buffer.alloc(7)]), 38),
  cdp: dot3('01:00:0c:cc:cc:cc', alice, snap(0x2000, Buffer.alloc(20), [0, 0, 12])),
  netbios: dot3(echo, alice, Buffer.from([0xf0, 0xf0, 3, 1, 2, 3])),
};

export const RADIO = {
  beacon: wireless({ type: 0, subtype: 8, addresses: ['ff:ff:ff:ff:ff:ff', ap, ap] }, Buffer.alloc(12)),
  ack: wireless({ type: 1, subtype: 13, addresses: [alice] }, Buffer.alloc(0)),
  encrypted: wireless({ flags: 0x41, addresses: [ap, alice, echo] }, Buffer.alloc(40, 7)),
};

export interface OddCapture {
  name: string;
  file: Buffer;
}

/** Every kind there is, for whoever spoils them. */
export function everyCapture(): OddCapture[] {
  const whole = talk().map((one) => onEthernet(one));
  const links = LINK_KINDS.map(({ name, linkType, wrap, only = [IPV4] }) => {
    const pieces = talk(only.includes(IPV4) ? 4 : 6);
    return {
      name,
      file: linkFile(
        pieces.map(({ bytes, type }, index) => wrap(bytes, type, index)),
        linkType,
      ),
    };
  });
  const tagged = talk().map(({ from, bytes, type }) =>
    encodeFrame({
      ethernet: {
        source: from === 'alice' ? alice : echo,
        destination: from === 'alice' ? echo : alice,
        type,
      },
      vlans: [{ id: 7, tag: 0x88a8 }, { id: 9 }],
      payload: bytes,
    }),
  );
  const inPieces = (version: Ip) =>
    talk(version)
      .flatMap((one) => (one.bytes.length > 1000 ? fragments(one, 400) : [one]))
      .map((one) => onEthernet(one));
  return [
    ...links,
    { name: 'pcap, big endian', file: linkFile(whole, LINK.ethernet, BIG) },
    {
      name: 'pcapng',
      file: mixedFile(
        [1],
        whole.map((bytes) => [0, bytes]),
      ),
    },
    { name: 'names', file: sameNames() },
    { name: 'gzip', file: gzipSync(linkFile(whole, LINK.ethernet)) },
    { name: 'gzip of pcapng', file: gzipSync(sameNames()) },
    {
      name: 'mixed',
      file: mixedFile(
        [1, 101, 147, 113],
        whole.map((bytes, index) => [index % 4, bytes]),
      ),
    },
    { name: 'unread', file: linkFile(whole, 147) },
    { name: 'offloaded', file: ethernetFile(captured([offloaded(4, 4000), offloaded(6, 4000)])) },
    { name: 'cut short', file: ethernetFile(captured(whole, 60)) },
    { name: 'tagged', file: linkFile(tagged, LINK.ethernet) },
    { name: '802.3', file: linkFile(Object.values(DOT3), LINK.ethernet) },
    { name: 'radio', file: linkFile(Object.values(RADIO), LINK.wireless) },
    { name: 'fragments', file: linkFile(inPieces(4), LINK.ethernet) },
    { name: 'fragments of IPv6', file: linkFile(inPieces(6), LINK.ethernet) },
    { name: 'clock', file: ethernetFile(clockStep()) },
    {
      name: 'ARP',
      file: linkFile(
        [1, 2, 3, 4, 8, 9, 42].map((operation) => arpMessage(operation)),
        LINK.ethernet,
      ),
    },
  ];
}
