/** Frames for fast-check: fields that the encoder turns into bytes, and the ways in which bytes go wrong. */
import fc from 'fast-check';
import { ipv4Text, ipv6Text, macText } from '../../lab/wire/address.ts';
import type { ArpFields } from './encode/arp.ts';
import type { ExtensionFields } from './encode/extension.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';
import type { IcmpFields } from './encode/icmp.ts';
import type { Icmpv6Fields } from './encode/icmpv6.ts';
import type { IgmpFields } from './encode/igmp.ts';
import type { Ipv4Fields } from './encode/ipv4.ts';
import type { Ipv6Fields } from './encode/ipv6.ts';
import type { TcpFields } from './encode/tcp.ts';
import { encodeTcpOptions, type TcpOptionFields } from './encode/tcp-options.ts';

const uint = (bits: number) => fc.nat({ max: 2 ** bits - 1 });
const uint16 = uint(16);
/** Up to the greatest a field of 32 bits holds. */
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

export const mac = exactly(6).map((six) => macText(six, 0));
export const ipv4 = fc.oneof(
  exactly(4).map((four) => ipv4Text(four, 0)),
  fc.constantFrom('10.50.1.10', '10.50.1.21', '255.255.255.255', '0.0.0.0', '224.0.0.1', '127.0.0.1'),
);
export const ipv6 = fc.oneof(
  exactly(16).map((sixteen) => ipv6Text(sixteen, 0)),
  fc
    .array(fc.oneof(fc.constant(0), uint16), { minLength: 8, maxLength: 8 })
    .map((groups) => ipv6Text(Uint8Array.from(groups.flatMap((group) => [group >>> 8, group & 255])), 0)),
  fc.constantFrom('fd00::1', 'fe80::1', 'ff02::1', '::', '::1'),
);

const tcpOption: fc.Arbitrary<TcpOptionFields> = fc.oneof(
  fc.record({ mss: uint16 }),
  fc.record({ scale: uint(8) }),
  fc.constant<TcpOptionFields>({ sackPermitted: true }),
  fc.record({ timestamp: fc.record({ value: uint32, echo: uint32 }) }),
  fc.record({ sack: fc.array(fc.record({ from: uint32, to: uint32 }), { minLength: 1, maxLength: 3 }) }),
  fc.constant<TcpOptionFields>({ kind: 1 }),
  fc.record({ kind: fc.constantFrom(253, 254, 200), data: bytes(6) }),
);

/** At most 40 bytes of them. */
export const tcpOptions: fc.Arbitrary<TcpOptionFields[]> = fc
  .array(tcpOption, { maxLength: 4 })
  .filter((options) => encodeTcpOptions(options).length <= 40);

export const tcp: fc.Arbitrary<TcpFields> = fc.record({
  sourcePort: uint16,
  destinationPort: uint16,
  sequence: uint32,
  acknowledgement: uint32,
  flags: uint(8),
  window: uint16,
  urgent: uint16,
  options: tcpOptions.map(encodeTcpOptions),
});

export const udp = fc.record({ sourcePort: uint16, destinationPort: uint16 });

export const arp: fc.Arbitrary<ArpFields> = fc.record({
  operation: fc.oneof(fc.constantFrom(1, 2), uint16),
  senderMac: mac,
  senderAddress: ipv4,
  targetMac: mac,
  targetAddress: ipv4,
});

export const icmp: fc.Arbitrary<IcmpFields> = fc.oneof(
  fc.record({ type: fc.constantFrom(0, 8), code: fc.constant(0), identifier: uint16, sequence: uint16 }),
  fc.record({ type: fc.constant(3), code: uint(4), mtu: uint16 }),
  fc.record({ type: fc.constantFrom(4, 5, 11, 12), code: uint(2), gateway: ipv4 }),
  fc.record({ type: uint(8), code: uint(8) }),
);

const igmpRecord = fc.record({
  type: fc.oneof(fc.integer({ min: 1, max: 6 }), uint(8)),
  group: ipv4,
  sources: fc.array(ipv4, { maxLength: 2 }),
});

export const igmp: fc.Arbitrary<IgmpFields> = fc.oneof(
  fc.record({ type: fc.constantFrom(0x11, 0x12, 0x16, 0x17), time: uint(8), group: ipv4 }),
  fc.record({ type: fc.constant(0x22), records: fc.array(igmpRecord, { maxLength: 3 }) }),
  // A report of version 3 has records in place of a group.
  fc.record({ type: uint(8).filter((type) => type !== 0x22), group: ipv4 }),
);

export const icmpv6: fc.Arbitrary<Icmpv6Fields> = fc.oneof(
  fc.record({ type: fc.constantFrom(128, 129), identifier: uint16, sequence: uint16 }),
  fc.record({ type: fc.constant(2), mtu: uint32 }),
  fc.record({ type: fc.constantFrom(1, 3, 4), code: uint(2) }),
  fc.record({ type: fc.constantFrom(133, 134), mac }),
  fc.record({ type: fc.constantFrom(135, 136, 137), target: ipv6, mac }),
  fc.record({ type: fc.constantFrom(130, 131, 132), target: ipv6 }),
  fc.record({ type: fc.constant(143) }),
);

/** Whole datagrams mostly, fragments now and then. */
const fragment = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ fragmentOffset: 0, moreFragments: false }) },
  {
    weight: 1,
    arbitrary: fc.record({ fragmentOffset: uint(13).map((units) => units * 8), moreFragments: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ fragmentOffset: 0, moreFragments: true }) },
);

const ipv4Option = fc.constantFrom(
  [1],
  [148, 4, 0, 0],
  [7, 7, 4, 0, 0, 0, 0],
  [68, 8, 5, 0, 0, 0, 0, 0],
  [222, 3, 9],
);

export const ipv4Header: fc.Arbitrary<Ipv4Fields> = fc
  .record({
    source: ipv4,
    destination: ipv4,
    dscp: uint(6),
    ecn: uint(2),
    identification: uint16,
    dontFragment: fc.boolean(),
    fragment,
    ttl: uint(8),
    options: fc.oneof(fc.constant([]), fc.array(ipv4Option, { maxLength: 4 })),
  })
  .map(({ fragment, options, ...header }) => ({
    ...header,
    ...fragment,
    options: Uint8Array.from(options.flat()),
  }));

export const ipv6Header: fc.Arbitrary<Ipv6Fields> = fc.record({
  source: ipv6,
  destination: ipv6,
  trafficClass: uint(8),
  flowLabel: uint(20),
  hopLimit: uint(8),
});

/** A padding option fills each header of options (RFC 8200 section 4.2), so its data says what it is. */
const paddedOptions = fc.constantFrom(Uint8Array.of(1, 4, 0, 0, 0, 0), Uint8Array.of(5, 2, 0, 0, 1, 0));
const extension: fc.Arbitrary<ExtensionFields> = fc.oneof(
  fc.record({ protocol: fc.constantFrom(0, 60), data: paddedOptions }),
  fc.record({
    fragment: fc.record({
      offset: fc.oneof(
        fc.constant(0),
        uint(13).map((units) => units * 8),
      ),
      more: fc.boolean(),
      identification: uint32,
    }),
  }),
);
const extensions = fc.oneof(
  { weight: 3, arbitrary: fc.constant<ExtensionFields[]>([]) },
  { weight: 1, arbitrary: fc.array(extension, { minLength: 1, maxLength: 2 }) },
);

const data = fc.record({ payload: bytes(32) });
const over = (...layers: fc.Arbitrary<Partial<FrameFields>>[]): fc.Arbitrary<Partial<FrameFields>> =>
  fc.tuple(...layers).map((parts) => Object.assign({}, ...parts));

const transport = fc.oneof(
  { weight: 4, arbitrary: over(fc.record({ tcp }), data) },
  { weight: 3, arbitrary: over(fc.record({ udp }), data) },
);
/** An IP packet as an ICMP error quotes it: from its beginning, not always to its end. */
const quoted = (header: fc.Arbitrary<Partial<FrameFields>>) =>
  fc
    .tuple(over(header, transport), fc.nat({ max: 80 }))
    .map(([packet, length]) => ({ payload: encodeFrame(packet).subarray(0, length) }));
const icmpError = fc.record({ icmp: fc.record({ type: fc.constantFrom(3, 4, 5, 11, 12), code: uint(2) }) });
const icmpv6Error = fc.record({ icmpv6: fc.record({ type: fc.constantFrom(1, 2, 3, 4), code: uint(2) }) });

const overIpv4 = fc.oneof(
  { weight: 4, arbitrary: transport },
  { weight: 2, arbitrary: over(fc.record({ icmp }), data) },
  { weight: 1, arbitrary: over(fc.record({ igmp }), fc.constant({})) },
  { weight: 1, arbitrary: over(icmpError, quoted(fc.record({ ipv4: ipv4Header }))) },
);
const overIpv6 = fc.oneof(
  { weight: 4, arbitrary: transport },
  { weight: 3, arbitrary: over(fc.record({ icmpv6 }), fc.constant({})) },
  { weight: 1, arbitrary: over(icmpv6Error, quoted(fc.record({ ipv6: ipv6Header }))) },
);

const network = fc.oneof(
  { weight: 5, arbitrary: over(fc.record({ ipv4: ipv4Header }), overIpv4) },
  { weight: 4, arbitrary: over(fc.record({ ipv6: ipv6Header, extensions }), overIpv6) },
  { weight: 1, arbitrary: fc.record({ arp }) },
  // IEEE 802.3: a length in place of the type.
  { weight: 1, arbitrary: data },
);
const tag = fc.record({
  id: uint(12),
  priority: uint(3),
  dropEligible: fc.boolean(),
  tag: fc.constantFrom(0x8100, 0x88a8),
});
const link = fc.record({
  ethernet: fc.record({ destination: mac, source: mac }),
  vlans: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(tag, { minLength: 1, maxLength: 2 }) },
  ),
  padTo: fc.constantFrom(0, 60),
});

/** A frame of any layers that go together, padded or not. */
export const frame: fc.Arbitrary<FrameFields> = over(link, network);
export type Mutation =
  | { kind: 'none' }
  /** Bytes at places that are fractions of the frame, set to values. */
  | { kind: 'flip'; places: { at: number; value: number }[] }
  /** The frame ended early. */
  | { kind: 'truncate'; at: number }
  /** The capture kept only so much. */
  | { kind: 'snap'; at: number }
  /** What follows is another frame's. */
  | { kind: 'splice'; at: number };

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Mutation>({ kind: 'none' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('flip' as const),
      places: fc.array(fc.record({ at: fraction, value: uint(8) }), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('snap' as const), at: fraction }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('splice' as const), at: fraction }) },
);

/** The bytes that are kept, and how many there were. */
export function mutate(
  whole: Uint8Array,
  how: Mutation,
  other: Uint8Array,
): { bytes: Uint8Array; length: number } {
  const place = (at: number) => Math.floor(at * whole.length);
  if (how.kind === 'none') return { bytes: whole, length: whole.length };
  if (how.kind === 'flip') {
    const bytes = whole.slice();
    for (const { at, value } of how.places) bytes[place(at)] = value;
    return { bytes, length: bytes.length };
  }
  const head = whole.subarray(0, place(how.at));
  if (how.kind === 'snap') return { bytes: head, length: whole.length };
  if (how.kind === 'truncate') return { bytes: head, length: head.length };
  const bytes = Buffer.concat([head, other.subarray(Math.min(head.length, other.length))]);
  return { bytes, length: bytes.length };
}
