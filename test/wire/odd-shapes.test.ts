/** Captures as the field has them, drawn: every shape of odd-captures.ts, and beside tshark what it says of lengths. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import { followTcp } from '../../lab/wire/conversations/follow.ts';
import { decode } from '../../lab/wire/decode.ts';
import { readCapture } from '../../lab/wire/files/capture-file.ts';
import { unpacked } from '../../lab/wire/files/packed.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { storyOfCapture } from '../../lab/wire/ladder/file.ts';
import type { Arrow } from '../../lab/wire/ladder/ladder.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { printFrame } from '../../lab/wire/print.ts';
import { describeNeeding } from '../needs.ts';
import { encodeFrame } from './encode/frame.ts';
import { LINK_MACS, loopback, radiotap, sll2, wireless } from './link-bytes.ts';
import { IPV4, LINK_KINDS } from './link-kinds.ts';
import {
  arpMessage,
  captured,
  clockStep,
  DOT3,
  ethernetFile,
  everyCapture,
  fragments,
  linkFile,
  mixedFile,
  offloaded,
  onEthernet,
  type Piece,
  piece,
  RADIO,
  sameNames,
  segment,
  talk,
  V4,
} from './odd-captures.ts';
import { Files, fieldsOf, lackingShark } from './shark.ts';

const { alice: ALICE, echo: ECHO, ap: AP } = LINK_MACS;
const TALK = [
  'SYN to 80',
  'SYN+ACK',
  'ACK',
  '1000 bytes',
  'ACK',
  '500 bytes',
  'ACK',
  'FIN+ACK',
  'FIN+ACK',
  'ACK',
];

async function storyOf(file: Uint8Array) {
  const frames: Captured[] = [];
  const capture = readCapture(chunksOf(file));
  for await (const batch of capture) frames.push(...batch);
  return storyOfCapture({ frames, cards: capture.cards, names: capture.names });
}

/** In pieces, as a file comes. */
async function* chunksOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 1000) yield file.subarray(at, at + 1000);
}

async function drawn(file: Uint8Array) {
  const story = await storyOf(file);
  const { rows, lanes } = story.ladder(story.frames, 1000);
  const arrows = rows.filter((row): row is Arrow => row.kind === 'arrow');
  return {
    arrows,
    lanes: lanes.map(({ name }) => name),
    labels: arrows.map(({ label }) => label),
    notes: arrows.map(({ notes }) => notes.join(', ')),
    ends: arrows.map(({ from, to }) =>
      [lanes[from]?.name, ...to.map((lane) => lanes[lane]?.name)].join(' > '),
    ),
  };
}

describe('a conversation', () => {
  test.each(LINK_KINDS.map(({ name, ...kind }) => [name, kind] as const))(
    'behind %s is drawn between its ends as on Ethernet',
    async (_, { linkType, wrap, only = [IPV4] }) => {
      const pieces = talk(only.includes(IPV4) ? 4 : 6);
      const frames = pieces.map(({ bytes, type }, index) => wrap(bytes, type, index));
      const { labels, notes, lanes, ends } = await drawn(linkFile(frames, linkType));
      expect(labels).toEqual(TALK);
      expect(notes.filter((note) => note !== '')).toEqual([]);
      // Behind Wi-Fi and SNAP the wrapping has cards of its own.
      if (linkType !== LINK.wireless && linkType !== LINK.radiotap && linkType !== LINK.ethernet) {
        expect(lanes).toHaveLength(2);
        expect(ends[0]).toBe(ends[0]!.split(' > ').join(' > '));
        expect(new Set(ends).size).toBe(2);
      }
    },
  );

  test.each(['gzip', 'gzip of pcapng', 'pcap, big endian', 'pcapng', 'tagged'])(
    'in a file of the kind %s is the same',
    async (kind) => {
      const { file } = everyCapture().find(({ name }) => name === kind)!;
      expect((await drawn(file)).labels).toEqual(TALK);
    },
  );

  test('of a host with itself has a lane for each of its ends', async () => {
    const own = talk().map(({ from }, index) => {
      const [sourcePort, destinationPort] = from === 'alice' ? [40_000, 80] : [80, 40_000];
      const addresses = { source: '127.0.0.1', destination: '127.0.0.1', identification: index };
      return loopback(
        2,
        encodeFrame({ ipv4: addresses, udp: { sourcePort, destinationPort }, payload: Buffer.from('hi') }),
      );
    });
    const { lanes, ends } = await drawn(linkFile(own, LINK.null));
    expect(lanes).toEqual(['127.0.0.1:40000', '127.0.0.1:80']);
    expect(ends.slice(0, 2)).toEqual(['127.0.0.1:40000 > 127.0.0.1:80', '127.0.0.1:80 > 127.0.0.1:40000']);
  });
});

describe('cards of several link types in one file', () => {
  const whole = talk();

  test('are drawn together, and a frame of one that is not read is drawn as far as it goes', async () => {
    const file = mixedFile(
      [1, 147, 101],
      [
        [0, onEthernet(whole[0]!)],
        [1, Buffer.alloc(60, 0xaa)],
        [2, whole[1]!.bytes],
        [0, onEthernet(whole[2]!)],
      ],
    );
    const { labels, arrows, lanes } = await drawn(file);
    expect(labels).toEqual(['SYN to 80', 'link type 147, 60 bytes (USER0)', 'SYN+ACK', 'ACK']);
    expect(arrows[1]).toMatchObject({ fate: 'unknown', to: [] });
    expect(lanes).toEqual(expect.arrayContaining([V4.alice, V4.echo]));
    expect(arrows.at(-1)!.states).toMatchObject([{ state: 'ESTABLISHED' }]);
  });

  /** Without an identification, which would tell the same packet from one sent again. */
  const plain = (one: Piece): Piece => ({ ...one, bytes: one.bytes.slice().fill(0, 4, 6) });
  const [syn, answer] = [plain(whole[0]!), plain(whole[1]!)];

  test.each([
    [
      'of two cards',
      mixedFile(
        [1, 101],
        [
          [0, onEthernet(syn)],
          [0, onEthernet(answer)],
          [1, answer.bytes],
        ],
      ),
    ],
    [
      'of one cooked capture',
      linkFile(
        [0, 1, 1].map((at, index) =>
          sll2({ protocol: IPV4, index: [2, 2, 3][index]! }, [syn, answer][at]!.bytes),
        ),
        LINK.cooked2,
      ),
    ],
  ])('the same packet at another card %s is a duplicate, not sent again', async (_, file) => {
    expect((await drawn(file)).notes).toEqual(['', '', 'duplicate']);
  });
});

describe('sizes', () => {
  test.each([4, 6] as const)(
    'of a segment that the card cuts apart are the frame’s, IPv%s',
    async (version) => {
      const next = segment('alice', 24, [4101, 501], 'more', version);
      const file = ethernetFile(captured([offloaded(version, 4000), onEthernet(next)]));
      const { labels, notes } = await drawn(file);
      expect(labels).toEqual(['4000 bytes', '"more"']);
      expect(notes).toEqual(['', '']);
    },
  );

  test('of a frame that was cut short are the headers’; padding is not missed', async () => {
    const long = onEthernet(talk()[3]!);
    const datagram = piece('alice', {
      udp: { sourcePort: 5000, destinationPort: 6000 },
      payload: Buffer.from('0123456789'),
    });
    const padded = onEthernet(datagram);
    const { labels, notes } = await drawn(ethernetFile(captured([long, padded], 54)));
    expect(labels).toEqual(['1000 bytes', '5000 → 6000 "0123456789"']);
    expect(notes).toEqual(['cut short', '']);
    expect(printFrame(decode(long.subarray(0, 54), long.length))).toContain(
      'len=1000 win=64240 (frame: cut short: the capture kept 54 of 1054 bytes)',
    );
  });

  test('runs that were cut short are folded as others are', async () => {
    const segments = Array.from({ length: 20 }, (_, index) =>
      segment('alice', 24, [101 + index * 1000, 501], 'x'.repeat(1000)),
    );
    const story = await storyOf(
      ethernetFile(
        captured(
          segments.map((one) => onEthernet(one)),
          60,
        ),
      ),
    );
    const labels = story.ladder(story.frames, 100).rows.map((row) => ('label' in row ? row.label : ''));
    expect(labels).toContain('16 segments, 16 kB');
  });
});

describe('frames with a length in place of a type', () => {
  test('are drawn by what LLC says', async () => {
    const { labels, ends } = await drawn(linkFile(Object.values(DOT3), LINK.ethernet));
    expect(labels).toEqual([
      'STP root 32768/02:6c:61:00:00:0a cost 19',
      'CDP, 20 bytes',
      'LLC NetBIOS, 3 bytes',
    ]);
    expect(ends[2]).toBe('02:6c:61:00:00:01 > 02:6c:61:00:00:02');
  });
});

describe('802.11', () => {
  test('the check sequence that radiotap speaks of is no data', () => {
    const data = (flags: number) =>
      radiotap(
        flags,
        wireless(
          { flags: 1, addresses: [AP, ALICE, ECHO] },
          Buffer.from([0xf0, 0xf0, 3, 1, 2, 3, 9, 9, 9, 9]),
        ),
      );
    const carried = (flags: number) => decode(data(flags), data(flags).length, LINK.radiotap).carried;
    expect([carried(0), carried(0x10)]).toEqual([7, 3]);
  });

  test('what carries no packet is drawn by its kind', async () => {
    const { labels, ends } = await drawn(linkFile(Object.values(RADIO), LINK.wireless));
    expect(labels).toEqual(['beacon', 'ACK', 'encrypted data, 40 bytes']);
    expect(ends).toEqual([
      '02:6c:61:00:00:0a',
      'unknown > 02:6c:61:00:00:01',
      '02:6c:61:00:00:01 > 02:6c:61:00:00:02',
    ]);
  });
});

describe('fragments', () => {
  test.each([4, 6] as const)(
    'of a segment count whole: what follows leaves no gap, IPv%s',
    async (version) => {
      const pieces = talk(version).flatMap((one) => (one.bytes.length > 1000 ? fragments(one, 400) : [one]));
      const { labels, notes } = await drawn(ethernetFile(captured(pieces.map((one) => onEthernet(one)))));
      expect(labels.slice(3, 7)).toEqual([
        '380 bytes, first fragment',
        'fragment at 400',
        'fragment at 800',
        'ACK',
      ]);
      expect(notes.filter((note) => note !== '')).toEqual([]);
    },
  );

  test('that come in another order count whole too', async () => {
    const pieces = fragments(talk()[3]!, 400).toReversed();
    const file = [...talk().slice(0, 3), ...pieces, ...talk().slice(4)].map((one) => onEthernet(one));
    expect((await drawn(ethernetFile(captured(file)))).notes.filter((note) => note !== '')).toEqual([]);
  });

  test('belong to the conversation of their packet', async () => {
    const pieces = talk().flatMap((one) => (one.bytes.length > 1000 ? fragments(one, 400) : [one]));
    const story = await storyOf(ethernetFile(captured(pieces.map((one) => onEthernet(one)))));
    expect(story.conversations()).toMatchObject([{ protocol: 'tcp', ended: 'closed' }]);
    expect(story.conversations()[0]!.frames).toHaveLength(12);
  });
});

test('a clock that is set back changes no order', async () => {
  const { labels, arrows } = await drawn(ethernetFile(clockStep()));
  expect(labels).toEqual(TALK);
  expect(arrows[2]!.time).toBe(-48_000_000);
  expect(arrows[0]!.states.map(({ state }) => state)).toEqual(['SYN-SENT', 'SYN-RECEIVED']);
  expect(arrows.at(-1)!.states.map(({ state }) => state)).toEqual(['CLOSED']);
});

test.each([
  [1, 'who-has 10.9.0.2', 'who-has 10.9.0.2'],
  [2, '10.9.0.1 is-at', 'is-at 02:6c:61:00:00:01'],
  [3, 'RARP request 02:6c:61:00:00:02', 'RARP request 02:6c:61:00:00:02'],
  [4, 'RARP reply 10.9.0.2', 'RARP reply 02:6c:61:00:00:02 is 10.9.0.2'],
  [8, 'InARP request 02:6c:61:00:00:02', 'InARP request 02:6c:61:00:00:02'],
  [9, 'InARP reply 10.9.0.1', 'InARP reply 02:6c:61:00:00:01 is 10.9.0.1'],
  [42, 'ARP operation 42', 'ARP operation 42'],
])('operation %s of ARP has its own name', async (operation, label, line) => {
  const bytes = arpMessage(operation);
  expect((await drawn(linkFile([bytes], LINK.ethernet))).labels).toEqual([label]);
  expect(printFrame(decode(bytes))).toBe(`arp 10.9.0.1 > 10.9.0.2 ${line}`);
});

test('two ends of one name are two lanes, told apart by their addresses', async () => {
  const { lanes, labels } = await drawn(sameNames());
  expect(lanes).toEqual(['localhost (10.9.0.1)', 'localhost (10.9.0.2)']);
  expect(labels).toEqual(TALK);
});

describe('a gzip file', () => {
  const file = gzipSync(
    linkFile(
      talk().map((one) => onEthernet(one)),
      LINK.ethernet,
    ),
  );

  async function read(bytes: Uint8Array, most?: number): Promise<{ length: number; trouble?: string }> {
    let length = 0;
    try {
      for await (const chunk of unpacked(chunksOf(bytes), most)) length += chunk.length;
      return { length };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return { length, trouble: error.message };
    }
  }

  test('that is cut off gives what comes before, and says so', async () => {
    expect(await read(file.subarray(0, file.length - 20))).toMatchObject({
      trouble: 'the gzip file is cut off: unexpected end of file',
    });
  });

  test('that is damaged says so', async () => {
    const spoilt = Buffer.from(file);
    spoilt.fill(0xff, 12, 40);
    expect((await read(spoilt)).trouble).toMatch(/^the gzip file is damaged: /);
  });

  test('that comes to more than is taken is left where that is', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    const { length, trouble } = await read(bomb, 100_000);
    expect(length).toBeLessThanOrEqual(100_000);
    expect(trouble).toBe('the gzip file comes to more than 100000 bytes when it is unpacked');
  });

  test('of one byte, or of two files one after the other, is read too', async () => {
    expect(await read(Buffer.from([0x1f]))).toEqual({ length: 1 });
    const one = (await read(file)).length;
    expect(await read(Buffer.concat([file, file]))).toEqual({ length: 2 * one });
  });
});

describeNeeding('tshark', lackingShark(), 'lengths beside tshark', () => {
  const pieces = (version: 4 | 6) =>
    talk(version).flatMap((one) => (one.bytes.length > 1000 ? fragments(one, 400) : [one]));
  test.each([
    ['offloaded, IPv4', ethernetFile(captured([offloaded(4, 4000)]))],
    // Of IPv6, tshark before 4.2 takes a payload length of 0 for what it says.
    [
      'cut short',
      ethernetFile(
        captured(
          talk().map((one) => onEthernet(one)),
          60,
        ),
      ),
    ],
    ['in fragments, IPv4', ethernetFile(captured(pieces(4).map((one) => onEthernet(one))))],
    ['in fragments, IPv6', ethernetFile(captured(pieces(6).map((one) => onEthernet(one))))],
  ])('of segments are the same: %s', async (_, file) => {
    using files = new Files();
    const theirs = fieldsOf(files.write('odd.pcap', file), ['tcp.len'])
      .map(([length]) => length)
      .filter((length) => length !== '');
    const story = await storyOf(file);
    const { conversations } = followTcp(story.frames);
    const numbers = conversations.flatMap(({ segments }) => segments.map(({ length }) => String(length)));
    expect(numbers).toEqual(theirs);
  });
});
