/** pcapng files read and written, in either byte order and with every block. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { block, fields, interfaceBlock, ORDERS, option, packet, section } from './capture-bytes.ts';
import { arpRequest, captured } from './made.ts';
import { readPieces, readWhole } from './read-whole.ts';

const FRAME = arpRequest('alice', 'echo');
const SECONDS = 1_700_000_000n;

describe.each(ORDERS)('a pcapng file, $name', (order) => {
  const text = (code: number, value: string) => option(order, code, Buffer.from(value));
  const byte = (code: number, value: number) => option(order, code, Buffer.from([value]));
  const end = option(order, 0, Buffer.alloc(0));
  const offset = option(order, 14, fields(order, [8, SECONDS]));

  test('has its cards with all that is said of them', () => {
    const options = [
      text(2, 'alice eth0'),
      text(3, 'on office'),
      text(1, 'noted'),
      text(15, 'veth'),
      option(order, 6, Buffer.from('026c61000001', 'hex')),
      end,
      text(2, 'behind the end'),
    ];
    const { cards, trouble } = readWhole(
      Buffer.concat([section(order), interfaceBlock(order, 1, ...options), interfaceBlock(order, 113)]),
    );
    expect(trouble).toBeUndefined();
    expect(cards).toEqual([
      {
        linkType: 1,
        snapLength: 0,
        name: 'alice eth0',
        description: 'on office',
        comment: 'noted',
        hardware: 'veth',
        mac: '02:6c:61:00:00:01',
      },
      { linkType: 113, snapLength: 0 },
    ]);
  });

  test.each([
    ['microseconds where nothing is said', [], SECONDS * 1_000_000n + 7n, 7000],
    ['nanoseconds', [byte(9, 9)], SECONDS * 1_000_000_000n + 7n, 7],
    ['tenths of a second', [byte(9, 1)], SECONDS * 10n + 9n, 900_000_000],
    ['picoseconds, with an offset', [byte(9, 12), offset], 7999n, 7],
    ['2^-10 s', [byte(9, 0x8a)], SECONDS * 1024n + 1n, 976_562],
    ['seconds', [byte(9, 0)], SECONDS, 0],
    ['microseconds, with an offset', [offset], 7n, 7000],
  ])('has its times in units of %s', (_, options, units, nanoseconds) => {
    const blocks = [section(order), interfaceBlock(order, 1, ...options), packet(order, 0, units, FRAME)];
    const { frames, trouble } = readWhole(Buffer.concat(blocks));
    expect(trouble).toBeUndefined();
    expect(frames).toEqual([
      { seconds: Number(SECONDS), nanoseconds, bytes: Buffer.from(FRAME), length: 42, card: 0 },
    ]);
  });

  test('has direction, comment, simple and obsolete packets, names and counts; the unknown is passed over', () => {
    const flags = (value: number) => option(order, 2, fields(order, [4, value]));
    const padding = Buffer.alloc(2);
    const blocks = [
      section(order),
      block(order, 0xbad, Buffer.from('what nobody knows')),
      interfaceBlock(order, 1),
      packet(order, 0, 1n, FRAME, flags(1), text(1, 'the first')),
      packet(order, 0, 2n, FRAME, flags(2), end),
      block(order, 3, [4, 42], FRAME),
      block(order, 2, [2, 0], [2, 0], [4, 0], [4, 5], [4, 42], [4, 42], FRAME, padding),
      block(
        order,
        4,
        option(order, 1, Buffer.concat([Buffer.from([10, 50, 1, 21]), Buffer.from('alice\0al\0')])),
      ),
      block(
        order,
        5,
        [4, 0],
        [8, 0],
        option(order, 4, fields(order, [8, 5])),
        option(order, 5, fields(order, [8, 1])),
      ),
    ];
    const { frames, cards, names, trouble } = readWhole(Buffer.concat(blocks));
    expect(trouble).toBeUndefined();
    expect(frames.map(({ nanoseconds, way, comment }) => [nanoseconds, way, comment])).toEqual([
      [1000, 'in', 'the first'],
      [2000, 'out', undefined],
      [0, undefined, undefined],
      [5000, undefined, undefined],
    ]);
    for (const { bytes } of frames) expect(Buffer.from(bytes)).toEqual(Buffer.from(FRAME));
    expect(names).toEqual(new Map([['10.50.1.21', 'alice']]));
    expect(cards).toEqual([{ linkType: 1, snapLength: 0, received: 5, dropped: 1 }]);
  });

  test('goes on with a section of the other byte order, whose cards are others', () => {
    const other = ORDERS.find(({ little }) => little !== order.little)!;
    const blocks = [order, other].flatMap((each) => [
      section(each),
      interfaceBlock(each, 1),
      packet(each, 0, 1n, FRAME),
    ]);
    const { frames, trouble } = readWhole(Buffer.concat(blocks));
    expect(trouble).toBeUndefined();
    expect(frames.map(({ card }) => card)).toEqual([0, 1]);
  });

  const good = [section(order), interfaceBlock(order, 1), packet(order, 0, 1n, FRAME)];
  const at = Buffer.concat(good).length;
  const broken = (bytes: Buffer, offset: number, value: number) => {
    const copy = Buffer.from(bytes);
    copy.set(fields(order, [4, value]), offset);
    return copy;
  };
  const whole = packet(order, 0, 1n, FRAME);
  test.each([
    ['a length that is no multiple of four', broken(whole, 4, 77), `byte ${at + 4}: a block of 77 bytes`],
    ['a length at the end that is another', broken(whole, whole.length - 4, 80), 'ends with another length'],
    [
      'a card that nobody described',
      broken(whole, 8, 3),
      `byte ${at + 8}: a frame of interface 3, the section has described 1`,
    ],
    [
      'a frame longer than its block',
      broken(whole, 20, 50),
      `byte ${at + 8}: a frame of 50 bytes in a block of 64`,
    ],
    ['no room for a packet', block(order, 6, [4, 0]), `a block's body of 4 bytes, 20 at least are needed`],
    [
      'an option longer than its block',
      packet(order, 0, 1n, FRAME, fields(order, [2, 1], [2, 50])),
      'an option of 50 bytes passes its block',
    ],
    ['a section of no byte order', broken(section(order), 8, 5), `byte ${at + 8}: no byte order is`],
    ['a version to come', broken(section(order), 12, 0x00090009), 'version 9 of pcapng, only 1 is known'],
  ])('%s is damage: what is before it is read', (_, damaged, message) => {
    const { frames, trouble } = readWhole(Buffer.concat([...good, damaged, ...good]));
    expect(frames).toHaveLength(1);
    expect(trouble?.code).toBe('capture');
    expect(trouble?.message).toContain(message);
  });
});

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 9 });
const frame = fc.record(
  {
    seconds: fc.integer({ min: 0, max: 18_000_000_000 }),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
    bytes: fc.uint8Array({ maxLength: 100 }),
    length: fc.integer({ min: 100, max: 65_535 }),
    card: fc.integer({ min: 0, max: 1 }),
    way: fc.constantFrom('in' as const, 'out' as const),
    comment: text,
  },
  { requiredKeys: ['seconds', 'nanoseconds', 'bytes', 'length', 'card'] },
);
const CARDS = [
  { name: 'alice eth0', description: 'office', mac: '02:6c:61:00:00:01', comment: 'a', hardware: 'veth' },
  { name: 'echo eth0', snapLength: 128 },
];
const NAMES = new Map([
  ['10.50.1.21', 'alice'],
  ['fd00:50::10', 'echo'],
  ['02:6c:61:00:00:0a', 'echo'],
]);

function written(frames: readonly Captured[]): Buffer {
  const writer = pcapngWriter({ cards: CARDS, names: NAMES, comment: 'whole' });
  const stamp = { seconds: 1_700_000_000, nanoseconds: 5 };
  const counts = [{ card: 1, received: 3, dropped: 1, ...stamp }];
  return Buffer.concat([writer.head, writer.frames(frames), writer.end(counts)]);
}

function plain({ bytes, ...rest }: Captured) {
  return { ...rest, bytes: [...bytes] };
}

describe('a pcapng file that is written', () => {
  test('is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        const read = readWhole(written(frames));
        expect(read.trouble).toBeUndefined();
        expect(read.frames.map(plain)).toEqual(frames.map(plain));
        expect(read.names).toEqual(NAMES);
        expect(read.cards).toEqual([
          { linkType: 1, snapLength: 0, ...CARDS[0] },
          { linkType: 1, ...CARDS[1], received: 3, dropped: 1 },
        ]);
      }),
    );
  });

  test('is the same in whatever pieces it comes, also byte by byte', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 90 })),
        (frames, cuts) => {
          const file = written(frames);
          const pieces: Buffer[] = [];
          for (let at = 0; at < file.length; ) {
            const size = cuts.next().value;
            pieces.push(file.subarray(at, at + size));
            at += size;
          }
          const whole = readWhole(file);
          expect(readPieces(pieces)).toEqual(whole);
          expect(readPieces([...file].map((byte) => Buffer.from([byte])))).toEqual(whole);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('cut anywhere gives the frames before the cut, and says so unless it is between two blocks', () => {
    const frames = [1, 2, 3].map((time) => captured(FRAME, time, { way: 'in', comment: 'noted' }));
    const file = written(frames);
    const ends = [...blockEnds(file)];
    const frameEnds = ends.slice(-4, -1);
    for (let length = 0; length <= file.length; length++) {
      const read = readWhole(file.subarray(0, length));
      expect(read.frames).toHaveLength(frameEnds.filter((end) => end <= length).length);
      if (ends.includes(length)) expect(read.trouble).toBeUndefined();
      else if (length > 0) {
        const begins = ends.findLast((end) => end < length) ?? 0;
        expect(read.trouble?.message).toContain(`cut off: at byte ${begins} begins`);
      }
    }
  });

  test('damaged anywhere gives frames or an error of its own, nothing else', () => {
    const file = written([1, 2, 3].map((time) => captured(FRAME, time, { way: 'in', comment: 'noted' })));
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const copy = Buffer.from(file);
        copy[at] = value;
        expect(readWhole(copy).trouble?.code ?? 'capture').toBe('capture');
      }),
      { numRuns: 2000 },
    );
  });
});

function* blockEnds(file: Buffer): Generator<number> {
  for (let at = 0; at < file.length; ) {
    at += file.readUInt32LE(at + 4);
    yield at;
  }
}

test('a stream of a capture gives its frames in batches, then throws where it is cut off', async () => {
  const file = written([captured(FRAME, 1), captured(FRAME, 2)]);
  const half = file.length - 100;
  async function* source() {
    yield file.subarray(0, half);
    yield file.subarray(half, file.length - 1);
  }
  const capture = readCapture(source());
  const batches: number[] = [];
  await expect(async () => {
    for await (const frames of capture) batches.push(frames.length);
  }).rejects.toThrow(/cut off/);
  expect(batches).toEqual([1, 1]);
  expect(capture.cards.map(({ name }) => name)).toEqual(['alice eth0', 'echo eth0']);
});
