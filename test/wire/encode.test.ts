/** What the encoder writes, the decoder reads. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4Bytes, ipv4Text, ipv6Bytes, ipv6Text, macBytes, macText } from '../../lab/wire/address.ts';
import { decode } from '../../lab/wire/decode.ts';
import { FIRST_TYPE } from '../../lab/wire/ethernet.ts';
import { checksums } from '../../lab/wire/frame-checksums.ts';
import * as any from './any-frame.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';
import { encodeTcpOptions } from './encode/tcp-options.ts';
import { hex } from './hex.ts';

const LINK = { source: '02:6c:61:00:00:01', destination: '02:6c:61:00:00:02' };
const ENDS = { source: '10.50.1.21', destination: '10.50.1.10' };
const ENDS6 = { source: 'fd00::1', destination: 'fd00::2' };
const HELLO = new TextEncoder().encode('hello');

/** The layer has each field as it was given. */
function expectFields(
  layer: object | undefined,
  fields: object | undefined,
  but: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (but.includes(name)) continue;
    expect((layer as Record<string, unknown> | undefined)?.[name], name).toEqual(value);
  }
}

describe('round trip', () => {
  test('every field of every layer comes back', () => {
    fc.assert(
      fc.property(any.frame, (fields) => {
        const frame = decode(encodeFrame(fields));
        expectFields(frame.ethernet, fields.ethernet);
        expect(frame.vlans.map(({ id }) => id)).toEqual((fields.vlans ?? []).map(({ id }) => id));
        expectFields(frame.arp, fields.arp);
        expectFields(frame.ipv4, fields.ipv4, ['options']);
        expectFields(frame.ipv6, fields.ipv6);
        expectFields(frame.tcp, frame.tcp && fields.tcp, ['options']);
        expectFields(frame.udp, frame.udp && fields.udp);
        expectFields(frame.icmp, frame.icmp && { type: fields.icmp?.type, code: fields.icmp?.code });
        expectFields(
          frame.icmpv6,
          frame.icmpv6 && { type: fields.icmpv6?.type, target: fields.icmpv6?.target },
        );
        // What follows a length in place of a type is anything, and no LLC.
        const isAnything = frame.ethernet!.type < FIRST_TYPE;
        const isWhole = frame.trouble === undefined || fields.padTo === 0 || isAnything;
        expect(isWhole, frame.trouble?.missing).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('every checksum of a whole packet is right, and wrong with one bit changed', () => {
    const whole = any.frame.filter(
      (fields) => checksums(decode(encodeFrame(fields))).transport !== undefined,
    );
    fc.assert(
      fc.property(whole, fc.nat({ max: 7 }), (fields, bit) => {
        const bytes = encodeFrame(fields);
        const frame = decode(bytes);
        const { ipv4, transport } = checksums(frame);
        expect([undefined, 'right']).toContain(ipv4);
        expect(['right', 'unknown']).toContain(transport);
        if (transport === 'unknown') return;
        const last = frame.payload.end - 1;
        bytes[last] = bytes[last]! ^ (1 << bit);
        expect(checksums(decode(bytes)).transport).not.toBe('right');
      }),
      { numRuns: 2000 },
    );
  });

  test('TCP’s options come back by value', () => {
    fc.assert(
      fc.property(any.tcpOptions, (options) => {
        const tcp = { sourcePort: 1, destinationPort: 2, options: encodeTcpOptions(options) };
        const frame = decode(encodeFrame({ ethernet: LINK, ipv4: ENDS, tcp }));
        for (const [index, given] of options.entries()) {
          const { start, end, ...read } = frame.tcp!.options[index]!;
          if (!('data' in given) && !('sackPermitted' in given)) expect(read).toMatchObject(given);
          else expect(end - start).toBe('data' in given ? given.data.length + 2 : 2);
        }
      }),
    );
  });

  test('addresses come back, however many there are', () => {
    fc.assert(
      fc.property(any.mac, any.ipv4, any.ipv6, (mac, ipv4, ipv6) => {
        expect(macText(macBytes(mac), 0)).toBe(mac);
        expect(ipv4Text(ipv4Bytes(ipv4), 0)).toBe(ipv4);
        expect(ipv6Text(ipv6Bytes(ipv6), 0)).toBe(ipv6);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('addresses as text', () => {
  test.each([
    ['20 01 0d b8 00 00 00 00 00 01 00 00 00 00 00 01', '2001:db8::1:0:0:1'],
    ['20 01 0d b8 00 00 00 01 00 01 00 01 00 01 00 01', '2001:db8:0:1:1:1:1:1'],
    ['00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00', '::'],
    ['00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01', '::1'],
    ['00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00', '1::'],
    ['fe 80 00 00 00 00 00 00 00 00 00 00 0a bc 00 00', 'fe80::abc:0'],
  ])('%s is %s', (bytes, text) => {
    expect(ipv6Text(hex(bytes), 0)).toBe(text);
  });
});

describe('checksums', () => {
  test('an IPv4 header has the one that its words come to', () => {
    const bytes = encodeFrame({
      ethernet: LINK,
      ipv4: ENDS,
      udp: { sourcePort: 5000, destinationPort: 9000 },
      payload: HELLO,
    });
    // 4500 0021 0000 0000 4011 0a32 0115 0a32 010a: the sum is 9bb5.
    expect(decode(bytes).ipv4?.checksum).toBe(0x644a);
  });

  test('UDP without one has none', () => {
    const udp = { sourcePort: 1, destinationPort: 2, checksum: 0 };
    expect(checksums(decode(encodeFrame({ ethernet: LINK, ipv4: ENDS, udp })))).toEqual({
      ipv4: 'right',
      transport: 'none',
    });
  });

  test('one that was given goes as it is, and is wrong', () => {
    const ipv4 = { ...ENDS, checksum: 1 };
    const tcp = { sourcePort: 1, destinationPort: 2, checksum: 2 };
    const frame = decode(encodeFrame({ ethernet: LINK, ipv4, tcp, payload: HELLO }));
    expect([frame.ipv4?.checksum, frame.tcp?.checksum]).toEqual([1, 2]);
    expect(checksums(frame)).toEqual({ ipv4: 'wrong', transport: 'wrong' });
  });

  test.each<[string, FrameFields]>([
    ['a fragment', { ipv4: { ...ENDS, moreFragments: true } }],
    [
      'a fragment of IPv6',
      { ipv6: ENDS6, extensions: [{ fragment: { offset: 0, more: true, identification: 1 } }] },
    ],
    [
      'a packet still on its way by a routing header',
      { ipv6: ENDS6, extensions: [{ protocol: 43, data: Uint8Array.of(0, 1) }] },
    ],
  ])('of %s the transport’s is unknown', (_, network) => {
    const tcp = { sourcePort: 1, destinationPort: 2 };
    expect(checksums(decode(encodeFrame({ ethernet: LINK, ...network, tcp }))).transport).toBe('unknown');
  });

  test('of a frame that the capture cut the transport’s is unknown', () => {
    const bytes = encodeFrame({
      ethernet: LINK,
      ipv4: ENDS,
      tcp: { sourcePort: 1, destinationPort: 2 },
      payload: HELLO,
    });
    expect(checksums(decode(bytes.subarray(0, 56), bytes.length)).transport).toBe('unknown');
  });

  test('ARP has none', () => {
    const arp = {
      operation: 1,
      senderMac: LINK.source,
      senderAddress: ENDS.source,
      targetAddress: ENDS.destination,
    };
    expect(checksums(decode(encodeFrame({ ethernet: LINK, arp })))).toEqual({});
  });
});
