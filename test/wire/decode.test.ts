/** Each layer from bytes written by hand, whole and ended early at every byte. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import type { Frame } from '../../lab/wire/frame.ts';
import { hex } from './hex.ts';

const MACS = '02 6c 61 00 00 02  02 6c 61 00 00 01';
const ARP = `ff ff ff ff ff ff 02 6c 61 00 00 01 08 06
  00 01 08 00 06 04 00 01  02 6c 61 00 00 01  0a 32 01 15  00 00 00 00 00 00  0a 32 01 0a`;
/** From 10.50.1.21 to 10.50.1.10, its last bytes the protocol and a wrong checksum. */
const ipv4 = (protocol: string, length: string, fragment = '40 00') =>
  `${MACS} 08 00  45 b9 ${length} 12 34 ${fragment} 3f ${protocol} ab cd 0a 32 01 15 0a 32 01 0a`;
const ipv6 = (next: string, length: string) =>
  `${MACS} 86 dd  6a b1 23 45 ${length} ${next} ff
   fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02`;
const TCP = `9c 40 23 28 ff 00 00 01 80 00 00 02 a0 12 fa f0 11 22 00 07
  02 04 05 b4 04 02 08 0a 00 00 00 05 00 00 00 06 01 03 03 07`;
const SYN_ACK = `${ipv4('06', '00 3e')} ${TCP} 68 69`;
const UDP = `${ipv4('11', '00 21')} 13 88 23 28 00 0d 55 66 68 65 6c 6c 6f`;

function read(text: string): Frame {
  return decode(hex(text));
}

const text = ({ bytes, payload }: Frame) =>
  Buffer.from(bytes.subarray(payload.start, payload.end)).toString();
const kinds = ({ layers }: Frame) => layers.map(({ kind }) => kind);

describe('what a layer says', () => {
  test('Ethernet has destination, source and type', () => {
    const { ethernet, trouble } = read(ARP);
    expect(ethernet).toMatchObject({ start: 0, end: 14, type: 0x0806 });
    expect(ethernet?.destination).toBe('ff:ff:ff:ff:ff:ff');
    expect(ethernet?.source).toBe('02:6c:61:00:00:01');
    expect(trouble).toBeUndefined();
  });

  test('a length in place of the type bounds the payload', () => {
    const frame = read(`${MACS} 00 06 e0 e0 03 01 02 03 00 00`);
    expect(frame.ethernet?.type).toBe(6);
    expect(frame.payload).toEqual({ start: 17, end: 20 });
    expect(frame.links).toMatchObject([{ kind: 'llc', dsap: 0xe0, ssap: 0xe0, control: 3 }]);
  });

  test('tags nest, and the type is the one after the last', () => {
    const frame = read(`${MACS} 88 a8 70 05 81 00 b0 07 08 06 ${ARP.slice(ARP.indexOf('00 01 08 00'))}`);
    expect(frame.vlans).toEqual([
      { kind: 'vlan', start: 14, end: 18, id: 5, priority: 3, dropEligible: true, type: 0x8100 },
      { kind: 'vlan', start: 18, end: 22, id: 7, priority: 5, dropEligible: true, type: 0x0806 },
    ]);
    expect(frame.ethernet?.type).toBe(0x0806);
    expect(kinds(frame)).toEqual(['ethernet', 'vlan', 'vlan', 'arp']);
  });

  test('ARP asks who has an address', () => {
    const { arp } = read(ARP);
    expect(arp?.operation).toBe(1);
    expect([arp?.senderMac, arp?.senderAddress]).toEqual(['02:6c:61:00:00:01', '10.50.1.21']);
    expect([arp?.targetMac, arp?.targetAddress]).toEqual(['00:00:00:00:00:00', '10.50.1.10']);
  });

  test('IPv4 has every field of its header', () => {
    const { ipv4 } = read(SYN_ACK);
    expect([ipv4?.source, ipv4?.destination]).toEqual(['10.50.1.21', '10.50.1.10']);
    expect([ipv4?.dscp, ipv4?.ecn, ipv4?.totalLength, ipv4?.identification]).toEqual([46, 1, 62, 0x1234]);
    expect([ipv4?.dontFragment, ipv4?.moreFragments, ipv4?.fragmentOffset]).toEqual([true, false, 0]);
    expect([ipv4?.ttl, ipv4?.protocol, ipv4?.checksum, ipv4?.checksumRight]).toEqual([63, 6, 0xabcd, false]);
  });

  test('IPv6 has every field of its header', () => {
    const { ipv6: ip } = read(`${ipv6('3b', '00 00')}`);
    expect([ip?.source, ip?.destination]).toEqual(['fd00::1', 'fe80::2']);
    expect([ip?.trafficClass, ip?.flowLabel, ip?.hopLimit]).toEqual([0xab, 0x12345, 255]);
    expect([ip?.payloadLength, ip?.nextHeader, ip?.protocol]).toEqual([0, 59, 59]);
  });

  test('TCP has every field and option', () => {
    const frame = read(SYN_ACK);
    const { tcp } = frame;
    expect([tcp?.sourcePort, tcp?.destinationPort]).toEqual([40000, 9000]);
    expect([tcp?.sequence, tcp?.acknowledgement]).toEqual([0xff000001, 0x80000002]);
    expect([tcp?.flags, tcp?.window, tcp?.checksum, tcp?.urgent]).toEqual([18, 64240, 0x1122, 7]);
    expect(tcp?.options).toEqual([
      { kind: 2, start: 54, end: 58, mss: 1460 },
      { kind: 4, start: 58, end: 60 },
      { kind: 8, start: 60, end: 70, timestamp: { value: 5, echo: 6 } },
      { kind: 1, start: 70, end: 71 },
      { kind: 3, start: 71, end: 74, scale: 7 },
    ]);
    expect(text(frame)).toBe('hi');
  });

  test('UDP has ports, length and checksum', () => {
    const frame = read(UDP);
    const { udp } = frame;
    expect([udp?.sourcePort, udp?.destinationPort, udp?.length, udp?.checksum]).toEqual([
      5000, 9000, 13, 0x5566,
    ]);
    expect(text(frame)).toBe('hello');
  });

  test('the padding of a short frame is no payload', () => {
    const frame = read(`${UDP} 00 00 00 00 00 00`);
    expect(text(frame)).toBe('hello');
    expect(frame.trouble).toBeUndefined();
  });

  test('ICMP echo has identifier and sequence number', () => {
    const frame = read(`${ipv4('01', '00 1e')} 08 00 11 22 00 07 00 02 68 69`);
    expect(frame.icmp).toMatchObject({ type: 8 });
    expect([frame.icmp?.identifier, frame.icmp?.sequence, frame.icmp?.about]).toEqual([7, 2, undefined]);
    expect(text(frame)).toBe('hi');
  });

  test('an ICMP error says what it is about, as far as it was sent back', () => {
    const quoted = UDP.slice(MACS.length + 7);
    const about = { source: '10.50.1.21', destination: '10.50.1.10', protocol: 17 };
    const ports = { sourcePort: 5000, destinationPort: 9000 };
    const whole = read(`${ipv4('01', '00 3d')} 03 04 00 00 00 00 05 dc ${quoted}`);
    expect(whole.icmp?.about).toEqual({ ...about, ...ports });
    expect(whole.icmp?.mtu).toBe(1500);
    const header = quoted.replace(/13 88.*/s, '');
    expect(read(`${ipv4('01', '00 30')} 03 03 00 00 00 00 00 00 ${header}`).icmp?.about).toEqual(about);
    expect(read(`${ipv4('01', '00 1e')} 03 03 00 00 00 00 00 00 45 00`).icmp?.about).toBeUndefined();
  });

  test('a neighbour solicitation has its target and the asker’s MAC', () => {
    const target = 'fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02';
    const frame = read(`${ipv6('3a', '00 20')} 87 00 00 00 00 00 00 00 ${target} 01 01 02 6c 61 00 00 01`);
    expect([frame.icmpv6?.type, frame.icmpv6?.target, frame.icmpv6?.mac]).toEqual([
      135,
      'fd00::2',
      '02:6c:61:00:00:01',
    ]);
    expect(frame.payload).toEqual({ start: 86, end: 86 });
  });

  test('an MLD report of version 1 has its group', () => {
    const group = 'ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 fb';
    const frame = read(`${ipv6('00', '00 20')} 3a 00 05 02 00 00 01 00 83 00 00 00 00 00 00 00 ${group}`);
    expect(frame.icmpv6?.target).toBe('ff02::fb');
    expect(kinds(frame)).toEqual(['ethernet', 'ipv6', 'extension', 'icmpv6']);
  });
});

describe('fragments', () => {
  test('a first fragment has its transport, though the datagram goes on', () => {
    const frame = read(`${ipv4('11', '00 21', '20 00')} 13 88 23 28 04 00 55 66 68 65 6c 6c 6f`);
    expect(frame.udp?.length).toBe(1024);
    expect(text(frame)).toBe('hello');
    expect(frame.trouble).toBeUndefined();
  });

  test('a later fragment has data alone', () => {
    const frame = read(`${ipv4('11', '00 19', '00 b9')} 68 65 6c 6c 6f`);
    expect(frame.ipv4?.fragmentOffset).toBe(1480);
    expect(kinds(frame)).toEqual(['ethernet', 'ipv4']);
    expect(text(frame)).toBe('hello');
  });

  test('IPv6 has them in an extension header', () => {
    const frame = read(`${ipv6('2c', '00 0d')} 11 00 05 c9 00 00 00 01 68 65 6c 6c 6f`);
    expect(frame.ipv6).toMatchObject({ fragmentOffset: 1480, moreFragments: true, protocol: 17 });
    expect(frame.udp).toBeUndefined();
    expect(text(frame)).toBe('hello');
  });

  test('a fragment in a fragment is whole only if neither says more follows', () => {
    const frame = read(
      `${ipv6('2c', '00 18')} 2c 00 00 01 00 00 00 01 11 00 00 00 00 00 00 02 13 88 23 28 04 00 00 00`,
    );
    expect(frame.ipv6?.moreFragments).toBe(true);
    expect(frame.udp?.destinationPort).toBe(9000);
  });
});

describe('frames that are short or broken', () => {
  test.each([
    ['ethernet', MACS, 12, 'the header is 14 bytes, 12 are there'],
    ['vlan', `${MACS} 81 00 00`, 15, 'the header is 4 bytes, 1 are there'],
    ['arp', `${MACS} 08 06 00 01`, 16, 'the header is 28 bytes, 2 are there'],
    [
      'arp',
      ARP.replace('00 01 08 00', '00 06 08 00'),
      14,
      'Ethernet and IPv4 addresses: it is for hardware 6, protocol 0x0800',
    ],
    ['ipv4', `${MACS} 08 00 45`, 15, 'the header is 20 bytes, 1 are there'],
    ['ipv4', `${UDP.replace('45 b9', '4f b9').slice(0, -15)}`, 42, 'the header is 60 bytes, 28 are there'],
    [
      'ipv4',
      `${ipv4('fd', '00 18').replace('45 b9', '46 b9')} 44 05 00 00`,
      38,
      'option 68 is 5 bytes, 4 are there',
    ],
    ['ipv4', UDP.replace('45 b9', '65 b9'), 14, 'version 4: it says 6'],
    ['ipv4', UDP.replace('45 b9', '44 b9'), 14, 'a header of at least 20 bytes: it says 16'],
    [
      'ipv4',
      UDP.replace('45 b9 00 21', '45 b9 00 13'),
      16,
      "a total length of at least the header's 20 bytes: it says 19",
    ],
    ['ipv4', UDP.replace('45 b9 00 21', '45 b9 00 22'), 47, 'it says 34 bytes, 33 are there'],
    ['ipv6', `${MACS} 86 dd 60`, 15, 'the header is 40 bytes, 1 are there'],
    [
      'extension',
      `${ipv6('3c', '00 08')} 11 01 00 00 00 00 00 00`,
      62,
      'the header is 16 bytes, 8 are there',
    ],
    [
      'tcp',
      `${ipv4('06', '00 20')} 9c 40 23 28 ff 00 00 01 80 00 00 02`,
      46,
      'the header is 20 bytes, 12 are there',
    ],
    ['tcp', SYN_ACK.replace('a0 12', '40 12'), 46, 'a header of at least 20 bytes: it says 16'],
    ['tcp', SYN_ACK.replace('a0 12', 'b0 12'), 76, 'the header is 44 bytes, 42 are there'],
    ['tcp', SYN_ACK.replace('02 04 05 b4', '02 03 05 01'), 55, 'option 2 is 4 bytes: it says 3'],
    ['tcp', SYN_ACK.replace('08 0a 00', '08 00 00'), 61, 'option 8 says it is 0 bytes long, at least 2'],
    ['tcp', SYN_ACK.replace('03 03 07', '01 01 fe'), 74, 'option 254 has no length'],
    ['tcp', SYN_ACK.replace('03 03 07', '01 fe 09'), 74, 'option 254 is 9 bytes, 2 are there'],
    ['udp', UDP.replace('00 0d', '00 07'), 38, 'a length of at least 8 bytes: it says 7'],
    ['udp', UDP.replace('00 0d', '00 0e'), 47, 'it says 14 bytes, 13 are there'],
    ['icmp', `${ipv4('01', '00 18')} 08 00 11 22`, 38, 'the header is 8 bytes, 4 are there'],
    ['icmpv6', `${ipv6('3a', '00 08')} 87 00 00 00 00 00 00 00`, 62, 'the header is 24 bytes, 8 are there'],
    [
      'icmpv6',
      `${ipv6('3a', '00 10')} 85 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00`,
      63,
      'option 1 says it is 0 bytes long, at least 8',
    ],
  ])('%s says what is missing and where: %s', (layer, bytes, at, missing) => {
    expect(read(bytes).trouble).toEqual({ layer, at, missing });
  });

  test('a TCP header with broken options keeps those before', () => {
    const { tcp } = read(SYN_ACK.replace('08 0a 00', '08 00 00'));
    expect(tcp?.options.map(({ kind }) => kind)).toEqual([2, 4]);
    expect(tcp?.window).toBe(64240);
  });

  test.each([
    ['ARP', ARP],
    ['TCP over IPv4', SYN_ACK],
    ['UDP over IPv4', UDP],
  ])('%s ended early at any byte keeps its whole layers and says what is missing', (_, frame) => {
    const whole = read(frame);
    for (let length = 0; length < whole.bytes.length; length += 1) {
      const cut = decode(whole.bytes.subarray(0, length));
      const kept = whole.layers.filter(({ end }) => end <= length);
      expect(kinds(cut)).toEqual(kept.map(({ kind }) => kind));
      expect(cut.trouble?.at).toBe(length);
    }
  });

  test('what the capture cut off is said, and is nobody’s fault', () => {
    const whole = hex(UDP);
    const payload = decode(whole.subarray(0, 44), whole.length);
    expect(payload.udp?.length).toBe(13);
    expect(payload.trouble).toEqual({
      layer: 'frame',
      at: 44,
      missing: 'cut short: the capture kept 44 of 47 bytes',
    });
    const header = decode(whole.subarray(0, 40), whole.length);
    expect(header.trouble).toEqual({
      layer: 'udp',
      at: 40,
      missing: 'the header is 8 bytes, 6 are there; cut short: the capture kept 40 of 47 bytes',
    });
  });
});
