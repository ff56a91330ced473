/** Every link type beside tshark: packets of any kind behind each of the headers that may stand before them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import type { Frame, Link } from '../../lab/wire/frame.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { describeNeeding } from '../needs.ts';
import { frame } from '../wire/any-frame.ts';
import { disagreement, offsetUnit } from '../wire/beside-tshark.ts';
import { ORDERS, pcapFile, pcapRecord } from '../wire/capture-bytes.ts';
import { encodeFrame, type FrameFields } from '../wire/encode/frame.ts';
import { dot3, LINK_MACS, stp } from '../wire/link-bytes.ts';
import { ARP, IPV4, IPV6, LINK_KINDS, type LinkKind } from '../wire/link-kinds.ts';
import { Files, fieldsOf, lackingShark } from '../wire/shark.ts';
import { type SharkField, sharkFields } from '../wire/shark-fields.ts';
import { onlyOurs } from '../wire/shark-only.ts';

const PACKETS = 400;
const MICROSECONDS = 0xa1b2c3d4;
const { alice, echo, ap } = LINK_MACS;

/** Packets as they stand behind a link, with their Ethernet types. */
function packets({ only = [IPV4, IPV6, ARP] }: LinkKind): { bytes: Uint8Array; type: number }[] {
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
  test.each(LINK_KINDS)(
    '$name',
    (kind) => {
      const frames = packets(kind).map(({ bytes, type }, index) => kind.wrap(bytes, type, index));
      expect(frames.length).toBeGreaterThan(PACKETS / 8);
      const { wrong, said } = compare(frames, kind.linkType);
      expect(wrong.slice(0, 10), `${wrong.length} disagreements`).toEqual([]);
      // Otherwise nothing was compared.
      expect([...said]).toEqual(expect.arrayContaining(['tcp.seq', 'udp.length', ...(kind.says ?? [])]));
    },
    120_000,
  );

  test('messages of the spanning tree', () => {
    const frames = [0, 2].map((version) => dot3('01:80:c2:00:00:00', alice, stp(ap, echo, version)));
    const { wrong, said } = compare(frames, LINK.ethernet);
    expect(wrong).toEqual([]);
    expect([...said]).toEqual(expect.arrayContaining(['stp.root.hw', 'stp.bridge.hw', 'stp.port']));
  });
});
