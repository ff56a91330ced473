/** Every link type beside tshark: packets of any kind behind each of the headers that may stand before them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { encodeFrame, type FrameFields } from '../../lab/wire/encode.ts';
import type { Frame, Link } from '../../lab/wire/frame.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { describeNeeding } from '../needs.ts';
import { frame } from './any-frame.ts';
import { disagreement, offsetUnit } from './beside-tshark.ts';
import { ORDERS, pcapFile, pcapRecord } from './capture-bytes.ts';
import {
  dot3,
  LINK_MACS,
  loopback,
  ppp,
  pppoe,
  radiotap,
  sll,
  sll2,
  snap,
  stp,
  wireless,
} from './link-bytes.ts';
import { Files, fieldsOf, lackingShark } from './shark.ts';
import { type SharkField, sharkFields } from './shark-fields.ts';
import { onlyOurs } from './shark-only.ts';

const PACKETS = 400;
const MICROSECONDS = 0xa1b2c3d4;
const { alice, echo, ap } = LINK_MACS;

interface Kind {
  name: string;
  linkType: number;
  /** Puts what the link type needs before a packet of this Ethernet type. */
  wrap(packet: Uint8Array, type: number, index: number): Uint8Array;
  /** Ethernet types that it can carry. */
  only?: readonly number[];
  /** Fields of the link itself, which both must say. */
  says?: readonly string[];
}

const [IPV4, IPV6, ARP] = [0x0800, 0x86dd, 0x0806];
const IP = [IPV4, IPV6];
const plain = (packet: Uint8Array) => packet;
const isIpv6 = (type: number) => type === IPV6;
const pppNumber = (type: number) => (isIpv6(type) ? 0x57 : 0x21);

const KINDS: Kind[] = [
  { name: 'RAW', linkType: LINK.raw, wrap: plain, only: IP },
  { name: 'IPV4', linkType: LINK.ipv4, wrap: plain, only: [IPV4] },
  { name: 'IPV6', linkType: LINK.ipv6, wrap: plain, only: [IPV6] },
  {
    name: 'NULL, in either byte order and with every number of IPv6',
    linkType: LINK.null,
    says: ['null.family'],
    wrap: (packet, type, index) =>
      loopback(isIpv6(type) ? [24, 28, 30][index % 3]! : 2, packet, index % 2 === 0),
    only: IP,
  },
  {
    name: 'LOOP',
    linkType: LINK.loop,
    says: ['null.family'],
    wrap: (packet, type) => loopback(isIpv6(type) ? 24 : 2, packet, true),
    only: IP,
  },
  {
    name: 'cooked, version 1',
    linkType: LINK.cooked,
    says: ['sll.pkttype', 'sll.hatype', 'sll.src.eth'],
    wrap: (packet, protocol, index) => sll({ type: index % 5, protocol }, packet),
  },
  {
    name: 'cooked, version 2',
    linkType: LINK.cooked2,
    says: ['sll.pkttype', 'sll.hatype', 'sll.src.eth', 'sll.ifindex'],
    wrap: (packet, protocol, index) => sll2({ type: index % 5, protocol, index }, packet),
  },
  {
    name: '802.11, to and from the distribution system, with QoS and without',
    linkType: LINK.wireless,
    says: ['wlan.fc.type', 'wlan.fc.subtype', 'wlan.sa', 'wlan.da', 'llc.dsap', 'llc.oui'],
    wrap: (packet, type, index) =>
      wireless(
        {
          subtype: index % 3 === 0 ? 8 : 0,
          flags: index % 4,
          addresses: [alice, echo, ap, ...(index % 4 === 3 ? [LINK_MACS.alice] : [])],
        },
        snap(type, packet),
      ),
  },
  {
    name: '802.11 with radiotap, with a check sequence and without',
    linkType: LINK.radiotap,
    says: ['radiotap.length', 'wlan.sa', 'wlan.da', 'llc.oui'],
    wrap: (packet, type, index) => {
      const fcs = index % 2 === 1;
      const data = wireless({ flags: 2, addresses: [alice, ap, echo] }, snap(type, packet));
      return radiotap(fcs ? 0x10 : 0, fcs ? Buffer.concat([data, Buffer.alloc(4, 0xee)]) : data);
    },
  },
  {
    name: 'PPP, framed and not',
    linkType: LINK.ppp,
    says: ['ppp.protocol'],
    wrap: (packet, type, index) => ppp(pppNumber(type), packet, index % 2 === 0),
    only: IP,
  },
  {
    name: 'PPP in HDLC framing',
    linkType: LINK.pppHdlc,
    says: ['ppp.protocol'],
    wrap: (packet, type) => ppp(pppNumber(type), packet),
    only: IP,
  },
  {
    name: 'PPPoE',
    linkType: LINK.pppEther,
    says: ['pppoe.session_id', 'ppp.protocol'],
    wrap: (packet, type, index) => pppoe(0, index, ppp(pppNumber(type), packet, false)),
    only: IP,
  },
  {
    name: '802.3 with SNAP',
    linkType: LINK.ethernet,
    wrap: (packet, type) => dot3(echo, alice, snap(type, packet)),
  },
];

/** Packets as they stand behind a link, with their Ethernet types. */
function packets({ only = [IPV4, IPV6, ARP] }: Kind): { bytes: Uint8Array; type: number }[] {
  const sampled = fc.sample(frame, { seed: 20_261_129, numRuns: 3 * PACKETS });
  return sampled
    .map(({ ethernet: _, vlans: __, padTo: ___, ...fields }: FrameFields) => ({
      bytes: encodeFrame(fields),
      type: fields.ipv4 ? IPV4 : fields.ipv6 ? IPV6 : fields.arp ? ARP : 0,
    }))
    .filter(({ type }) => only.includes(type))
    .slice(0, PACKETS);
}

const text = (value: string) => value;
const number = (value: string) => Number(value);

function ofLink<K extends Link['kind']>(
  name: string,
  kind: K,
  read: (text: string) => string | number,
  take: (link: Extract<Link, { kind: K }>) => string | number | undefined,
): SharkField {
  const is = (link: Link): link is Extract<Link, { kind: K }> => link.kind === kind;
  return {
    name,
    read: (texts) => texts.map(read),
    ours: ({ links }: Frame) =>
      links
        .filter(is)
        .map(take)
        .filter((value) => value !== undefined),
  };
}

const LINK_FIELDS: SharkField[] = [
  ofLink('null.family', 'loopback', number, ({ family }) => family),
  ofLink('sll.pkttype', 'cooked', number, ({ packetType }) => packetType),
  ofLink('sll.hatype', 'cooked', number, ({ hardware }) => hardware),
  ofLink('sll.src.eth', 'cooked', text, ({ source }) => source),
  ofLink('sll.ifindex', 'cooked', number, ({ interfaceIndex }) => interfaceIndex),
  ofLink('radiotap.length', 'radiotap', number, ({ start, end }) => end - start),
  ofLink('wlan.fc.type', 'wireless', number, ({ type }) => type),
  ofLink('wlan.fc.subtype', 'wireless', number, ({ subtype }) => subtype),
  ofLink('wlan.sa', 'wireless', text, ({ source }) => source),
  ofLink('wlan.da', 'wireless', text, ({ destination }) => destination),
  ofLink('llc.dsap', 'llc', number, ({ dsap }) => dsap),
  ofLink('llc.oui', 'llc', number, ({ oui }) => oui),
  ofLink('ppp.protocol', 'ppp', number, ({ protocol }) => protocol),
  ofLink('pppoe.session_id', 'pppoe', number, ({ session }) => session),
  ofLink('stp.root.hw', 'stp', text, ({ root }) => root?.split('/')[1]),
  ofLink('stp.bridge.hw', 'stp', text, ({ bridge }) => bridge?.split('/')[1]),
  ofLink('stp.root.cost', 'stp', number, ({ cost }) => cost),
  ofLink('stp.port', 'stp', number, ({ port }) => port),
];

/** What we and tshark say differently of frames of one link type; and of which fields both said something. */
function compare(frames: readonly Uint8Array[], linkType: number): { wrong: string[]; said: Set<string> } {
  using files = new Files();
  const records = frames.map((bytes) => pcapRecord(ORDERS[0]!, 1, 0, bytes));
  const file = files.write('frames.pcap', pcapFile(ORDERS[0]!, MICROSECONDS, records, linkType));
  const only = onlyOurs();
  const fields = [...sharkFields(offsetUnit(only)), ...LINK_FIELDS];
  const lines = fieldsOf(
    file,
    fields.map(({ name }) => name),
    only,
  );
  expect(lines).toHaveLength(frames.length);
  const said = new Set<string>();
  const wrong = frames.flatMap((bytes, index) => {
    const ours = decode(bytes, bytes.length, linkType);
    const made = {
      captured: { bytes, length: bytes.length, seconds: 1, nanoseconds: 0, card: 0 },
      kind: 'none' as const,
    };
    return fields.flatMap((field, column) => {
      const theirs = lines[index]![column]!;
      if (theirs !== '' && field.ours(ours).length > 0) said.add(field.name);
      return disagreement(field, made, ours, theirs) ?? [];
    });
  });
  return { wrong, said };
}

describeNeeding('tshark', lackingShark(), 'link types beside tshark', () => {
  test.each(KINDS)('$name', (kind) => {
    const frames = packets(kind).map(({ bytes, type }, index) => kind.wrap(bytes, type, index));
    expect(frames.length).toBeGreaterThan(PACKETS / 8);
    const { wrong, said } = compare(frames, kind.linkType);
    expect(wrong.slice(0, 10), `${wrong.length} disagreements`).toEqual([]);
    // Otherwise nothing was compared.
    expect([...said]).toEqual(expect.arrayContaining(['tcp.seq', 'udp.length', ...(kind.says ?? [])]));
  }, 120_000);

  test('messages of the spanning tree', () => {
    const frames = [0, 2].map((version) => dot3('01:80:c2:00:00:00', alice, stp(ap, echo, version)));
    const { wrong, said } = compare(frames, LINK.ethernet);
    expect(wrong).toEqual([]);
    expect([...said]).toEqual(expect.arrayContaining(['stp.root.hw', 'stp.bridge.hw', 'stp.port']));
  });
});
