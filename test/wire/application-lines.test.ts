/** Messages of DHCP and DNS as lines see them; bytes made here by RFC 2131, RFC 2132, RFC 3442 and RFC 1035. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dhcp, describeDhcp, readDhcp } from '../../lab/wire/application/dhcp.ts';
import { describeDns, readDns } from '../../lab/wire/application/dns.ts';
import { labelOf } from '../../lab/wire/ladder/label.ts';
import { compile, differences, matches } from '../../lab/wire/lines/match.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { CARDS, packet, timeline } from './line-frames.ts';

const TYPES = { DISCOVER: 1, OFFER: 2, REQUEST: 3, ACK: 5, NAK: 6, RELEASE: 7 };
const octets = (text: string) => text.split('.').map(Number);

/** `yours` is the address given; options by number. */
function dhcp(type: keyof typeof TYPES, yours: string, options: [code: number, bytes: number[]][]): Buffer {
  const header = Buffer.alloc(236);
  header.set([type === 'OFFER' || type === 'ACK' ? 2 : 1, 1, 6, 0, 0x1f, 0x2e, 0x3d, 0x4c]);
  header.set(octets(yours), 16);
  header.set([0x02, 0x6c, 0x61, 0, 0, 1], 28);
  const all: typeof options = [[53, [TYPES[type]]], ...options];
  const written = all.flatMap(([code, bytes]) => [code, bytes.length, ...bytes]);
  return Buffer.concat([header, Buffer.from([99, 130, 83, 99, ...written, 255, 0, 0])]);
}

const OFFER = dhcp(
  'OFFER',
  '10.50.1.21',
  [
    [54, octets('10.50.1.10')],
    [51, [0, 0, 0x0e, 0x10]],
    [0, []],
    [3, octets('10.50.1.10')],
    [6, octets('10.50.1.10')],
    [15, [...Buffer.from('office')]],
    [121, [24, 10, 50, 2, 10, 50, 1, 10, 0, 10, 50, 1, 10, 20, 172, 16, 16, 10, 50, 1, 9]],
  ].filter(([code]) => code !== 0) as [number, number[]][],
);
const DISCOVER = dhcp('DISCOVER', '0.0.0.0', [
  [50, octets('10.50.1.21')],
  [12, [...Buffer.from('alice')]],
]);

function name(text: string): number[] {
  return [...text.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
}
const question = (text: string) => [...name(text), 0, 1, 0, 1];
/** The names of answers point at the question (RFC 1035 section 4.1.4). */
const record = (type: number, data: number[]) => [
  0xc0,
  12,
  0,
  type,
  0,
  1,
  0,
  0,
  0,
  0,
  0,
  data.length,
  ...data,
];
const dns = (flags: number, answers: number[][], text = 'echo.dmz') =>
  Buffer.from([
    0,
    7,
    ...[flags >> 8, flags & 255],
    0,
    1,
    0,
    answers.length,
    0,
    0,
    0,
    0,
    ...question(text),
    ...answers.flat(),
  ]);

const QUERY = dns(0x0100, []);
const ANSWER = dns(0x8580, [record(5, [...name('echo')]), record(1, octets('10.50.1.10'))]);
const NOBODY = dns(0x8583, [], 'nobody.office');

const udp = (sourcePort: number, destinationPort: number) => ({ udp: { sourcePort, destinationPort } });
const toAll = {
  ethernet: { destination: 'ff:ff:ff:ff:ff:ff' },
  ipv4: { source: '0.0.0.0', destination: '255.255.255.255' },
};
const [discover, offer, query, answer, nobody, other] = timeline(
  packet('alice', 'bob', { ...udp(68, 67), payload: DISCOVER }, toAll),
  packet('echo', 'alice', { ...udp(67, 68), payload: OFFER }),
  packet('alice', 'echo', { ...udp(40000, 53), payload: QUERY }),
  packet('echo', 'alice', { ...udp(53, 40000), payload: ANSWER }),
  packet('echo', 'alice', { ...udp(53, 40000), payload: NOBODY }),
  packet('alice', 'echo', { ...udp(68, 67), payload: Buffer.from('no DHCP at all') }),
) as [SeenFrame, SeenFrame, SeenFrame, SeenFrame, SeenFrame, SeenFrame];

function pattern(text: string) {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(`${text}: ${problems[0]!.message}`);
  return compile(line, text, { cards: CARDS });
}

describe('a message of DHCP', () => {
  test('is read with its options, and printed on one line', () => {
    expect(readDhcp(OFFER)).toEqual({
      type: 'OFFER',
      xid: 0x1f2e3d4c,
      mac: '02:6c:61:00:00:01',
      gives: '10.50.1.21',
      server: '10.50.1.10',
      lease: 3600,
      routers: ['10.50.1.10'],
      resolvers: ['10.50.1.10'],
      routes: ['10.50.2.0/24 via 10.50.1.10', 'default via 10.50.1.10', '172.16.16.0/20 via 10.50.1.9'],
      domain: 'office',
    } satisfies Dhcp);
    expect(describeDhcp(DISCOVER)).toBe('DHCP DISCOVER xid=0x1f2e3d4c asks 10.50.1.21 name alice');
    expect(describeDhcp(OFFER)).toBe(
      'DHCP OFFER 10.50.1.21 xid=0x1f2e3d4c server 10.50.1.10 router 10.50.1.10 routes 10.50.2.0/24 via 10.50.1.10 ' +
        'and default via 10.50.1.10 and 172.16.16.0/20 via 10.50.1.9 dns 10.50.1.10 domain office lease 3600 s',
    );
  });

  test.each([
    ['dhcp alice > broadcast DISCOVER asks=alice', discover],
    ['dhcp alice > * DISCOVER', discover],
    ['dhcp echo > alice OFFER gives=alice router=echo dns=10.50.1.10 server=echo lease=3600', offer],
    ['dhcp * > * lease=1..7200', offer],
  ])('meets %s', (text, seen) => {
    expect(matches(pattern(text), seen)).toBe(true);
  });

  test.each([
    ['dhcp echo > alice ACK', offer, 'it says OFFER, not ACK'],
    ['dhcp echo > alice gives=bob', offer, 'it gives alice, not bob'],
    ['dhcp echo > alice router=bob', offer, 'its router is echo, not bob'],
    ['dhcp alice > * server=echo', discover, 'its server is none, not echo'],
    ['dhcp bob > broadcast DISCOVER', discover, 'its sender is alice, not bob'],
    ['dhcp * > * lease>3600', offer, 'lease is 3600, not more than 3600'],
  ])('does not meet %s', (text, seen, why) => {
    expect(matches(pattern(text), seen)).toBe(false);
    expect(differences(pattern(text), seen)).toEqual([why]);
  });
});

describe('a message of DNS', () => {
  test('is read with the addresses of its answers', () => {
    expect(readDns(ANSWER)).toMatchObject({
      answer: true,
      code: 0,
      name: 'echo.dmz',
      type: 'A',
      addresses: ['10.50.1.10'],
    });
    expect(describeDns(dns(0x8580, [record(1, octets('10.50.1.10'))]))).toBe(
      'DNS answer A echo.dmz 10.50.1.10',
    );
    expect(describeDns(NOBODY)).toBe('DNS answer A nobody.office no such name');
  });

  test.each([
    ['dns alice > echo query name=echo.dmz', query],
    ['dns alice > echo query name=ECHO.dmz ttl=64', query],
    ['dns echo > alice answer name=echo.dmz gives=echo', answer],
    ['dns echo > alice no-such-name name=nobody.office', nobody],
  ])('meets %s', (text, seen) => {
    expect(matches(pattern(text), seen)).toBe(true);
  });

  test.each([
    ['dns echo > alice answer', nobody, 'it says no-such-name, not answer'],
    ['dns echo > alice gives=alice', answer, 'it gives echo, not alice'],
    ['dns echo > alice answer gives=*', nobody, 'it says no-such-name, not answer'],
    ['dns alice > echo query name=bob', query, 'it is about echo.dmz, not bob'],
  ])('does not meet %s', (text, seen, why) => {
    expect(matches(pattern(text), seen)).toBe(false);
    expect(differences(pattern(text), seen)).toContain(why);
  });
});

test('what is none of theirs has none of their lines', () => {
  for (const seen of [other, query]) expect(pattern('dhcp * > *').covers(seen)).toBe(false);
  for (const seen of [other, offer]) expect(pattern('dns * > *').covers(seen)).toBe(false);
  expect(pattern('udp alice > *').covers(other)).toBe(true);
});

test('a ladder says what they are, not between which ports', () => {
  const labels = [discover, offer, query, answer, nobody].map(({ frame }) =>
    labelOf(frame, (address) => address),
  );
  expect(labels).toEqual([
    'DISCOVER',
    'OFFER 10.50.1.21',
    'A echo.dmz?',
    'echo.dmz 10.50.1.10',
    'no-such-name nobody.office',
  ]);
});

test('cut off anywhere and with any byte changed they are read or not, and nothing is thrown', () => {
  const whole = fc.constantFrom(OFFER, DISCOVER, QUERY, ANSWER, NOBODY);
  fc.assert(
    fc.property(whole, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }), (bytes, end, at, value) => {
      const changed = Buffer.from(bytes);
      changed[at % bytes.length] = value;
      const part = changed.subarray(0, end % (bytes.length + 1));
      for (const read of [readDhcp, readDns, describeDhcp, describeDns])
        expect(() => read(part)).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});

/** RFC 6762: no question in an answer, names with spaces, and the port 5353 at both ends. */
describe('a message of mDNS or LLMNR', () => {
  const own = (text: string, type: number, data: number[]) => [
    ...name(text),
    ...[0, type, 0x80, 1, 0, 0, 0, 120, 0, data.length],
    ...data,
  ];
  const answers = (...records: number[][]) =>
    Buffer.from([0, 0, 0x84, 0, 0, 0, 0, records.length, 0, 0, 0, 0, ...records.flat()]);
  const ask = Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question('_ipp._tcp.local')]);
  const said = (payload: Buffer, port = 5353) =>
    timeline(packet('alice', 'echo', { ...udp(port, port), payload }))[0]!;

  test.each([5353, 5355])('is DNS for a line, on port %s', (port) => {
    const seen = said(ask, port);
    expect(matches(pattern('dns alice > echo query name=_ipp._tcp.local'), seen)).toBe(true);
    expect(matches(pattern('dns alice > echo answer'), seen)).toBe(false);
    expect(labelOf(seen.frame, (address) => address)).toBe('A _ipp._tcp.local?');
  });

  test.each([
    [own('tv.local', 1, octets('10.50.1.10')), 'tv.local 10.50.1.10', 'DNS answer A tv.local 10.50.1.10'],
    [
      own('tv.local', 28, [...octets('254.128.0.0'), ...Array(11).fill(0), 1]),
      'tv.local fe80::1',
      'DNS answer AAAA tv.local fe80::1',
    ],
    [
      own('_ipp._tcp.local', 12, name('x')),
      'PTR _ipp._tcp.local 1 record',
      'DNS answer PTR _ipp._tcp.local 1 record',
    ],
    [
      own('My printer.local', 33, [0, 0]),
      'SRV My\\032printer.local 1 record',
      'DNS answer SRV My\\032printer.local 1 record',
    ],
  ])('an answer is about its first record', (record, label, words) => {
    const seen = said(answers(record));
    expect(matches(pattern('dns alice > echo answer'), seen)).toBe(true);
    expect(labelOf(seen.frame, (address) => address)).toBe(label);
    expect(describeDns(answers(record))).toBe(words);
  });
});
