/** pcap files read and written, in either byte order and cut anywhere. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureReader } from '../../lab/wire/files/capture-file.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { ORDERS, pcapFile, pcapRecord } from './capture-bytes.ts';
import { pcapWriter } from './encode/pcap.ts';
import { arpRequest, captured } from './made.ts';
import { readWhole } from './read-whole.ts';

const FRAME = arpRequest('alice', 'echo');
const RESOLUTIONS = [
  { of: 'microseconds', magic: 0xa1b2c3d4, fraction: 999_999, nanoseconds: 999_999_000 },
  { of: 'nanoseconds', magic: 0xa1b23c4d, fraction: 999_999_999, nanoseconds: 999_999_999 },
];

describe.each(ORDERS)('a pcap file, $name', (order) => {
  test.each(RESOLUTIONS)('with $of is read', ({ magic, fraction, nanoseconds }) => {
    const records = [
      pcapRecord(order, 1_700_000_000, fraction, FRAME),
      pcapRecord(order, 4_000_000_000, 0, FRAME.subarray(0, 14), 1514),
    ];
    const { frames, trouble, cards, format } = readWhole(pcapFile(order, magic, records));
    expect(trouble).toBeUndefined();
    expect(format).toBe('pcap');
    expect(cards).toEqual([{ linkType: 1, snapLength: 65_535 }]);
    expect(
      frames.map(({ bytes, ...rest }) => ({ ...rest, bytes: Buffer.from(bytes).toString('hex') })),
    ).toEqual([
      { seconds: 1_700_000_000, nanoseconds, length: 42, card: 0, bytes: Buffer.from(FRAME).toString('hex') },
      {
        seconds: 4_000_000_000,
        nanoseconds: 0,
        length: 1514,
        card: 0,
        bytes: Buffer.from(FRAME.subarray(0, 14)).toString('hex'),
      },
    ]);
  });

  test('of another link type says so of each frame', () => {
    const file = pcapFile(order, 0xa1b2c3d4, [pcapRecord(order, 1, 0, FRAME)], 113);
    const { frames, trouble, cards } = readWhole(file);
    expect(trouble).toBeUndefined();
    expect(cards).toMatchObject([{ linkType: 113 }]);
    expect(frames).toMatchObject([{ linkType: 113, length: FRAME.length }]);
  });

  test.each([
    ['a length that no frame has', 8, 300_000, 'byte 90: a frame of 300000 bytes'],
    ['a fraction of more than a second', 4, 1_000_000, 'byte 86: 1000000000 nanoseconds within a second'],
  ])('%s is damage: what is before it is read', (_, at, value, message) => {
    const file = pcapFile(order, 0xa1b2c3d4, [
      pcapRecord(order, 1, 0, FRAME),
      pcapRecord(order, 2, 0, FRAME),
      pcapRecord(order, 3, 0, FRAME),
    ]);
    const second = 24 + 16 + FRAME.length;
    if (order.little) file.writeUInt32LE(value, second + at);
    else file.writeUInt32BE(value, second + at);
    const { frames, trouble } = readWhole(file);
    expect(frames.map(({ seconds }) => seconds)).toEqual([1]);
    expect(trouble?.message).toBe(`the capture is damaged at ${message}`);
  });
});

const frame = fc.record({
  seconds: fc.integer({ min: 0, max: 0xffffffff }),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  bytes: fc.uint8Array({ maxLength: 100 }),
  length: fc.integer({ min: 100, max: 65_535 }),
  card: fc.constant(0),
});

function written(frames: readonly Captured[]): Buffer {
  const writer = pcapWriter();
  return Buffer.concat([writer.head, writer.frames(frames), writer.end()]);
}

describe('a pcap file that is written', () => {
  test('is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        expect(readWhole(written(frames)).frames.map(plain)).toEqual(frames.map(plain));
      }),
    );
  });

  test('cut anywhere gives the frames before the cut, and says so unless it is between two', () => {
    const file = written([captured(FRAME, 1), captured(FRAME, 2), captured(FRAME, 3)]);
    const record = 16 + FRAME.length;
    for (let length = 0; length <= file.length; length++) {
      const { frames, trouble } = readWhole(file.subarray(0, length));
      const whole = Math.max(0, Math.floor((length - 24) / record));
      expect(frames).toHaveLength(whole);
      const between = length >= 24 && (length - 24) % record === 0;
      if (between) expect(trouble).toBeUndefined();
      else if (length === 0) expect(trouble?.message).toBe('this is not a capture file: it is empty');
      else
        expect(trouble?.message).toContain(
          `cut off: at byte ${length < 24 ? 0 : 24 + whole * record} begins`,
        );
    }
  });
});

test('what is no capture says with which bytes it begins', () => {
  const reader = captureReader();
  expect(reader.push(Buffer.from('GET / HTTP/1.1'))).toEqual([]);
  expect(reader.trouble?.message).toBe(
    'this is not a capture file: it begins with 47455420, and neither pcap nor pcapng begins so',
  );
  expect(reader.push(written([captured(FRAME, 1)]))).toEqual([]);
});

function plain({ bytes, ...rest }: Captured) {
  return { ...rest, bytes: [...bytes] };
}
