/** Frames as a person reads them: lines in hosts' names, and every field with its bytes. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import {
  explainLayers,
  icmpTypeCode,
  icmpv6TypeCode,
  icmpv6Word,
  icmpWord,
  type Names,
  printFrame,
  tcpFlags,
} from '../../lab/wire/print.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';

const MACS = { alice: '02:6c:61:00:00:01', echo: '02:6c:61:00:00:02' };
const HOSTS = new Map([
  ['10.50.1.21', 'alice'],
  ['10.50.1.10', 'echo'],
  ['fd00::21', 'alice'],
  ['fd00::10', 'echo'],
]);
const CARDS = new Map([
  [MACS.alice, 'alice'],
  [MACS.echo, 'echo'],
]);
const NAMES: Names = { host: (address) => HOSTS.get(address), card: (mac) => CARDS.get(mac) };

const ethernet = { source: MACS.alice, destination: MACS.echo };
const ipv4 = { source: '10.50.1.21', destination: '10.50.1.10' };
const back = { source: ipv4.destination, destination: ipv4.source };
const ipv6 = { source: 'fd00::21', destination: 'fd00::10' };
const arp = { senderMac: MACS.alice, senderAddress: ipv4.source, targetAddress: ipv4.destination };
const ports = { sourcePort: 40000, destinationPort: 9000 };
const text = (data: string) => new TextEncoder().encode(data);

function print(fields: FrameFields, names?: Names): string {
  return printFrame(decode(encodeFrame({ ethernet, ...fields })), names);
}

const broadcast = { source: MACS.alice, destination: 'ff:ff:ff:ff:ff:ff' };
const answer = {
  operation: 2,
  senderMac: MACS.echo,
  senderAddress: back.source,
  targetAddress: back.destination,
};
const quoted = encodeFrame({ ipv4, udp: { sourcePort: 5000, destinationPort: 9999 } });
const quoted6 = encodeFrame({ ipv6, tcp: ports });

describe('a line', () => {
  test.each<[string, FrameFields]>([
    ['arp alice > broadcast who-has echo', { ethernet: broadcast, arp: { operation: 1, ...arp } }],
    [
      'arp echo > alice is-at 02:6c:61:00:00:02',
      { ethernet: { source: MACS.echo, destination: MACS.alice }, arp: answer },
    ],
    ['tcp alice:40000 > echo:9000 SYN len=0 win=64240', { ipv4, tcp: { ...ports, flags: 2 } }],
    [
      'tcp alice:40000 > echo:9000 PSH+ACK len=6 win=1 "hello\\n"',
      { ipv4, tcp: { ...ports, flags: 24, window: 1 }, payload: text('hello\n') },
    ],
    [
      'udp alice:40000 > 255.255.255.255:9000 len=5 "hello"',
      { ipv4: { ...ipv4, destination: '255.255.255.255' }, udp: ports, payload: text('hello') },
    ],
    [
      'icmp echo > alice port-unreachable (udp alice:5000 > echo:9999)',
      { ipv4: back, icmp: { type: 3, code: 3 }, payload: quoted },
    ],
    [
      'icmp echo > alice fragmentation-needed mtu=1400 (udp alice:5000 > echo:9999)',
      { ipv4: back, icmp: { type: 3, code: 4, mtu: 1400 }, payload: quoted },
    ],
    ['icmp alice > echo echo-request id=7 seq=1', { ipv4, icmp: { type: 8, identifier: 7, sequence: 1 } }],
    ['icmp alice > echo type=200 code=3', { ipv4, icmp: { type: 200, code: 3 } }],
    [
      'udp alice:40000 > echo:9000 len=5 "hello" fragment offset=0 more',
      { ipv4: { ...ipv4, moreFragments: true }, udp: ports, payload: text('hello') },
    ],
    [
      'ipv4 alice > echo udp len=8 fragment offset=1480 more',
      {
        ipv4: { ...ipv4, fragmentOffset: 1480, moreFragments: true, protocol: 17 },
        payload: new Uint8Array(8),
      },
    ],
    ['ipv4 alice > echo ospf len=8', { ipv4: { ...ipv4, protocol: 89 }, payload: new Uint8Array(8) }],
    ['igmp alice > echo query', { ipv4, igmp: { type: 0x11 } }],
    ['igmp alice > echo join 239.9.9.9', { ipv4, igmp: { type: 0x16, group: '239.9.9.9' } }],
    ['igmp alice > echo type 200', { ipv4, igmp: { type: 200, group: '239.9.9.9' } }],
    [
      'igmp alice > echo join 239.9.9.9, leave 239.9.9.8',
      {
        ipv4,
        igmp: {
          type: 0x22,
          records: [
            { type: 4, group: '239.9.9.9' },
            { type: 6, group: '239.9.9.7', sources: ['10.50.1.10'] },
            { type: 3, group: '239.9.9.8' },
          ],
        },
      },
    ],
    [
      'icmpv6 alice > echo neighbour-solicitation who-has echo',
      { ipv6, icmpv6: { type: 135, target: 'fd00::10' } },
    ],
    [
      'icmpv6 alice > echo neighbour-advertisement alice is-at 02:6c:61:00:00:01',
      { ipv6, icmpv6: { type: 136, target: 'fd00::21', mac: MACS.alice } },
    ],
    [
      'icmpv6 alice > echo too-big mtu=1280 (tcp alice:40000 > echo:9000)',
      { ipv6, icmpv6: { type: 2, mtu: 1280 }, payload: quoted6 },
    ],
    ['icmpv6 alice > echo listener-report ff02::fb', { ipv6, icmpv6: { type: 131, target: 'ff02::fb' } }],
    ['tcp alice:40000 > echo:9000 ACK len=0 win=64240 vlan=7', { vlans: [{ id: 7 }], ipv4, tcp: ports }],
    [
      'ethernet alice > echo type=0x88cc len=4',
      { ethernet: { ...ethernet, type: 0x88cc }, payload: new Uint8Array(4) },
    ],
    [
      'tcp alice:40000 > echo:9000 ACK len=0 win=64240 (tcp: option 8 is 10 bytes: it says 2)',
      { ipv4, tcp: { ...ports, options: Uint8Array.of(8, 2) } },
    ],
  ])('%s', (line, fields) => {
    expect(print(fields, NAMES)).toBe(line);
  });

  test('without names it has addresses, those of IPv6 in brackets before a port', () => {
    expect(print({ ipv6, tcp: ports })).toBe('tcp [fd00::21]:40000 > [fd00::10]:9000 ACK len=0 win=64240');
    expect(print({ arp: { operation: 1, ...arp } })).toBe('arp 10.50.1.21 > 10.50.1.10 who-has 10.50.1.10');
  });

  test('a frame that the capture cut has the length that it had', () => {
    const whole = encodeFrame({ ethernet, ipv4, udp: ports, payload: new Uint8Array(100) });
    expect(printFrame(decode(whole.subarray(0, 50), whole.length))).toContain(' len=100 8 bytes (frame: ');
    const segment = encodeFrame({ ethernet, ipv4, tcp: ports, payload: new Uint8Array(100) });
    expect(printFrame(decode(segment.subarray(0, 60), segment.length))).toContain(' len=100 ');
  });
});

describe('what is above', () => {
  const ntp = (first: number) => Uint8Array.of(first, 2, ...new Uint8Array(46));
  const name = [7, ...text('example'), 3, ...text('org'), 0, 0, 1, 0, 1];
  const query = Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name);
  const reply = (flags: number, answers: number) =>
    Uint8Array.of(0, 1, 0x81, flags, 0, 1, 0, answers, 0, 0, 0, 0, ...name);
  const udp = (to: number, from = 40000) => ({ udp: { sourcePort: from, destinationPort: to } });

  test.each<[string, FrameFields]>([
    ['NTP client v4', { ...udp(123), payload: ntp(0x23) }],
    ['NTP server v4 stratum 2', { ...udp(40000, 123), payload: ntp(0x24) }],
    [
      'NTP server v4 kiss RATE',
      {
        ...udp(40000, 123),
        payload: Uint8Array.of(0xe4, 0, ...new Uint8Array(10), ...text('RATE'), ...new Uint8Array(32)),
      },
    ],
    ['DNS query A example.org', { ...udp(53), payload: query }],
    ['DNS answer A example.org 2 records', { ...udp(40000, 53), payload: reply(0x80, 2) }],
    ['DNS answer A example.org no such name', { ...udp(40000, 53), payload: reply(0x83, 0) }],
    [
      'DNS query A example.org',
      { tcp: { sourcePort: 4, destinationPort: 53 }, payload: Uint8Array.of(0, 29, ...query) },
    ],
    ['chat "/login alice"', { ...udp(9000), payload: text('/login alice') }],
    ['chat "relay: goodbye alice"', { ...udp(40000, 9000), payload: text('relay: goodbye alice') }],
    [
      'chat "alice (10.50.1.21:40000) to you: hi"',
      { ...udp(40000, 9000), payload: text('alice (10.50.1.21:40000) to you: hi') },
    ],
    ['time format "%A, %H:%M"', { ...udp(9000), payload: text('%A, %H:%M') }],
    ['"Friday, 12:00"', { ...udp(40000, 9000), payload: text('Friday, 12:00') }],
    ['"hello.txt\\n"', { tcp: ports, payload: text('hello.txt\n') }],
    ['3 bytes', { ...udp(53), payload: Uint8Array.of(1, 2, 3) }],
    ['1 byte', { tcp: ports, payload: Uint8Array.of(255) }],
    [`"${'é'.repeat(40)}…"`, { tcp: ports, payload: text('é'.repeat(41)) }],
    ['4 bytes', { tcp: ports, payload: text('a\u001b[m') }],
    ['4 bytes', { tcp: ports, payload: text('a\u202e') }],
  ])('%s', (above, fields) => {
    expect(print({ ipv4, ...fields }).replace(/^.* (len=\d+( win=\d+)?) /, '')).toBe(above);
  });

  test('every shortened DNS message is counted in bytes or read, and never thrown over', () => {
    for (let length = 0; length < query.length; length += 1) {
      expect(print({ ipv4, ...udp(53), payload: query.subarray(0, length) })).toMatch(
        /len=\d+( \d+ bytes?)?$/,
      );
    }
  });
});

describe('words', () => {
  test.each([
    [2, 'SYN'],
    [18, 'SYN+ACK'],
    [17, 'FIN+ACK'],
    [4, 'RST'],
    [20, 'RST+ACK'],
    [24, 'PSH+ACK'],
    [16, 'ACK'],
    [255, 'SYN+FIN+RST+PSH+ACK+URG+ECE+CWR'],
    [0, 'no flags'],
  ])('flags %d are %s', (flags, word) => {
    expect(tcpFlags(flags)).toBe(word);
  });

  test('each word of ICMP stands for what has it', () => {
    for (let type = 0; type < 256; type += 1) {
      for (let code = 0; code < 20; code += 1) {
        for (const [word, back] of [
          [icmpWord(type, code), icmpTypeCode] as const,
          [icmpv6Word(type, code), icmpv6TypeCode] as const,
        ]) {
          if (word === undefined) continue;
          const found = back(word)!;
          expect([found.type, found.code ?? code]).toEqual([type, code]);
        }
      }
    }
    expect(icmpTypeCode('port-unreachable')).toEqual({ type: 3, code: 3 });
    expect(icmpTypeCode('echo-request')).toEqual({ type: 8 });
    expect(icmpTypeCode('neighbour-solicitation')).toBeUndefined();
  });
});

describe('layers explained', () => {
  const options = Uint8Array.of(2, 4, 5, 180, 3, 3, 7, 0);
  const frame = decode(
    encodeFrame({ ethernet, ipv4, tcp: { ...ports, flags: 18, options }, payload: text('hi'), padTo: 70 }),
  );

  test('from the outermost to the padding, each with its bytes', () => {
    expect(explainLayers(frame).map(({ layer, start, end }) => [layer, start, end])).toEqual([
      ['ethernet', 0, 14],
      ['ipv4', 14, 34],
      ['tcp', 34, 62],
      ['payload', 62, 64],
      ['padding', 64, 70],
    ]);
  });

  test('a field has its bytes, its value and what that comes to', () => {
    const fields = explainLayers(frame, NAMES).flatMap((layer) => layer.fields);
    expect(fields).toContainEqual({ name: 'source', value: '10.50.1.21', start: 26, end: 30, note: 'alice' });
    expect(fields).toContainEqual({ name: 'flags', value: '0x12', start: 47, end: 48, note: 'SYN+ACK' });
    expect(fields).toContainEqual({ name: 'maximum segment size', value: '1460', start: 54, end: 58 });
    expect(fields).toContainEqual({ name: 'window scale', value: '7 (times 128)', start: 58, end: 61 });
    expect(fields).toContainEqual({ name: 'bytes', value: '2', start: 62, end: 64, note: '"hi"' });
    expect(fields.filter(({ note }) => note === 'right').map(({ name }) => name)).toEqual([
      'header checksum',
      'checksum',
    ]);
  });

  test.each<[string, FrameFields]>([
    ['ARP', { arp: { operation: 1, ...arp } }],
    ['tags, and UDP', { vlans: [{ id: 7 }], ipv4, udp: ports }],
    [
      'IPv6 and its extension headers',
      {
        ipv6,
        extensions: [{ protocol: 0 }, { fragment: { offset: 0, more: true, identification: 9 } }],
        tcp: ports,
      },
    ],
    ['a neighbour solicitation', { ipv6, icmpv6: { type: 135, target: 'fd00::10', mac: MACS.alice } }],
    ['a router advertisement', { ipv6, icmpv6: { type: 134, mac: MACS.alice } }],
    ['an MLD report', { ipv6, icmpv6: { type: 143 }, payload: new Uint8Array(20) }],
    ['an ICMP error', { ipv4, icmp: { type: 3, code: 4, mtu: 1400 }, payload: quoted }],
    [
      'options that end early',
      {
        ipv4: { ...ipv4, options: Uint8Array.of(0, 0, 0) },
        tcp: { ...ports, options: Uint8Array.of(1, 9, 90) },
      },
    ],
    ['an ICMP echo', { ipv4, icmp: { type: 8, identifier: 1, sequence: 2 } }],
  ])('no byte of %s is left out', (_, fields) => {
    const shown = decode(encodeFrame({ ethernet, ...fields }));
    const covered = new Set<number>();
    for (const { fields } of explainLayers(shown)) {
      for (const { start, end } of fields) for (let at = start; at < end; at += 1) covered.add(at);
    }
    expect([...shown.bytes.keys()].filter((at) => !covered.has(at))).toEqual([]);
  });
});
