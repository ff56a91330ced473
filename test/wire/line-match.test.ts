/** Lines of `wire` held against frames: what meets them, and why something does not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import type { Scope } from '../../lab/wire/lines/condition.ts';
import { anyOrder, concerning, inOrder, only, seenAt } from '../../lab/wire/lines/expect.ts';
import { lineOf } from '../../lab/wire/lines/line-of-frame.ts';
import { compile, differences, matches, type Pattern } from '../../lab/wire/lines/match.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';
import { frame, mutate, mutation } from './any-frame.ts';
import { encodeFrame } from './encode/frame.ts';
import {
  ACK,
  answers,
  asks,
  CARDS,
  FIN,
  PSH,
  packet,
  portUnreachable,
  RST,
  SYN,
  segment,
  timeline,
} from './line-frames.ts';
import { wholeLineOf } from './whole-line.ts';

function pattern(text: string, scope: Partial<Scope> = {}): Pattern {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(`${text}: ${problems[0]!.message}`);
  return compile(line, text, { cards: CARDS, ...scope });
}

const [request, reply, syn, data, datagram, broadcast, directed, multicast, unreachable, tagged, fragment] =
  timeline(
    asks('alice', 'echo'),
    answers('echo', 'alice'),
    segment('alice', 'echo', [40000, 9000], SYN, {
      sequence: 1000,
      window: 0,
      options: Buffer.from('020405b4', 'hex'),
    }),
    segment('alice', 'echo', [40000, 9000], PSH | ACK, {
      sequence: 1001,
      acknowledgement: 78,
      payload: 'hello',
    }),
    packet('alice', 'echo', { udp: { sourcePort: 5000, destinationPort: 9000 }, payload: Buffer.from('hi') }),
    packet(
      'alice',
      'bob',
      { udp: { sourcePort: 5000, destinationPort: 9000 } },
      { ethernet: { destination: 'ff:ff:ff:ff:ff:ff' }, ipv4: { destination: '255.255.255.255', ttl: 1 } },
    ),
    packet(
      'alice',
      'bob',
      { udp: { sourcePort: 5000, destinationPort: 9000 } },
      { ethernet: { destination: 'ff:ff:ff:ff:ff:ff' }, ipv4: { destination: '10.50.1.255' } },
    ),
    packet(
      'alice',
      'bob',
      { udp: { sourcePort: 5000, destinationPort: 9000 } },
      { ethernet: { destination: '01:00:5e:01:02:03' }, ipv4: { destination: '239.1.2.3' } },
    ),
    portUnreachable('echo', 'alice', [5000, 9999]),
    packet('alice', 'echo', { vlans: [{ id: 10 }], icmp: { type: 8, identifier: 7, sequence: 3 } }),
    packet(
      'alice',
      'echo',
      { udp: { sourcePort: 5000, destinationPort: 9000 }, payload: Buffer.from('x'.repeat(8)) },
      { ipv4: { moreFragments: true, dontFragment: true, identification: 77 } },
    ),
  ) as Tuple;

type Tuple = [
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
  SeenFrame,
];

describe('a frame is what a line says', () => {
  test.each<[string, SeenFrame]>([
    ['arp alice > broadcast who-has echo', request],
    ['arp alice > broadcast who-has 10.50.1.10', request],
    ['arp alice > *', request],
    ['arp echo > alice is-at', reply],
    ['arp echo.office > alice is-at echo', reply],
    ['frame alice > broadcast', request],
    ['tcp alice > echo SYN', syn],
    ['tcp alice > echo', syn],
    ['tcp alice:40000 > 10.50.1.10:9000 SYN mss=1460 win=0 len=0 seq=1000', syn],
    ['tcp alice > echo ACK', data],
    ['tcp alice > echo PSH+ACK text="hello" len=5 ack=78', data],
    ['tcp * > *:9000 win>0 ttl=60..64 checksum=right', data],
    ['ip alice > echo mac=echo from_mac=alice', data],
    ['udp alice > echo len=2', datagram],
    ['udp alice > broadcast:9000', broadcast],
    ['udp alice > 255.255.255.255:9000 ttl=1', broadcast],
    ['udp alice > broadcast', directed],
    ['udp alice > multicast mac=multicast', multicast],
    ['udp alice > 239.1.2.3', multicast],
    ['icmp echo > alice port-unreachable', unreachable],
    ['icmp echo > alice unreachable', unreachable],
    ['icmp alice > echo echo-request vlan=10 id=7 seq=3', tagged],
    ['udp alice > echo df fragment id=77', fragment],
  ])('%s', (text, seen) => {
    expect(differences(pattern(text), seen)).toEqual([]);
    expect(matches(pattern(text), seen)).toBe(true);
  });
});

describe('a frame is not what a line says, and this is why', () => {
  test.each<[string, SeenFrame, string[]]>([
    [
      'arp bob > broadcast who-has alice',
      request,
      ['its sender is alice, not bob', 'it asks for echo, not for alice'],
    ],
    ['arp alice > broadcast is-at', request, ['it is a question, not an answer']],
    ['tcp alice > echo SYN+ACK', syn, ['flags are SYN, not SYN+ACK']],
    ['tcp alice > echo SYN', data, ['flags are PSH+ACK, not SYN']],
    ['tcp alice:1 > echo:2', syn, ['source port is 40000, not 1', 'destination port is 9000, not 2']],
    [
      'tcp alice > echo mss=1400..1440 win>0 ack=5',
      syn,
      ['mss is 1460, not 1400 to 1440', 'win is 0, not more than 0', 'ack is not there, not 5'],
    ],
    ['tcp alice > echo text=help', data, ['its payload is "hello", not "help"']],
    ['udp alice > broadcast', datagram, ['it is sent to echo, not broadcast']],
    ['udp alice > multicast', broadcast, ['it is sent to broadcast, not multicast']],
    ['icmp echo > alice echo-reply', unreachable, ['it says port-unreachable, not echo-reply']],
    [
      'udp alice > echo vlan=10 mac=bob',
      datagram,
      ['vlan is not there, not 10', 'the card it is sent to is that of echo, not that of bob'],
    ],
    ['udp alice > echo df fragment', datagram, ['it may be fragmented', 'it is not a fragment']],
  ])('%s', (text, seen, why) => {
    expect(matches(pattern(text), seen)).toBe(false);
    expect(differences(pattern(text), seen)).toEqual(why);
  });

  test('an address that nobody has is no broadcast where its frame goes to one card', () => {
    const [stray] = timeline(
      packet(
        'alice',
        'bob',
        { udp: { sourcePort: 1, destinationPort: 2 } },
        { ipv4: { destination: '10.50.9.9' } },
      ),
    );
    expect(differences(pattern('udp alice > broadcast'), stray!)).toEqual([
      'it is sent to 10.50.9.9, not broadcast',
    ]);
  });

  test('nor where the protocol is another', () => {
    expect(matches(pattern('udp alice > echo'), syn)).toBe(false);
    expect(matches(pattern('icmpv6 * > *'), unreachable)).toBe(false);
  });
});

test('flags are exact about SYN, FIN, RST and ACK but for the ACK of a reset, and ask of the others what they name', () => {
  const of = (flags: number) => timeline(segment('alice', 'echo', [1, 2], flags))[0]!;
  expect(matches(pattern('tcp alice > echo FIN+ACK'), of(FIN | PSH | ACK))).toBe(true);
  expect(matches(pattern('tcp alice > echo FIN+PSH+ACK'), of(FIN | ACK))).toBe(false);
  expect(matches(pattern('tcp alice > echo ACK'), of(FIN | ACK))).toBe(false);
  expect(matches(pattern('tcp alice > echo RST'), of(RST | ACK))).toBe(true);
  expect(matches(pattern('tcp alice > echo RST'), of(RST))).toBe(true);
  expect(matches(pattern('tcp alice > echo RST+ACK'), of(RST))).toBe(false);
  expect(matches(pattern('tcp alice > echo RST'), of(FIN | ACK))).toBe(false);
  expect(matches(pattern('tcp alice > echo SYN'), of(SYN | 64 | 128))).toBe(true);
});

test('seq and ack with a + count from where their side began', () => {
  const segmentOf = () => ({ relativeSequence: 1, relativeAcknowledgement: 6 });
  expect(matches(pattern('tcp alice > echo seq=+1 ack=+6', { segment: segmentOf }), data)).toBe(true);
  expect(differences(pattern('tcp alice > echo seq=+2', { segment: segmentOf }), data)).toEqual([
    'seq is +1, not +2',
  ]);
  expect(matches(pattern('tcp alice > echo seq=+1'), data)).toBe(false);
});

describe("of the step's own conversation", () => {
  const address = (literal: string, port: number) => ({
    party: { kind: 'address' as const, address: literal },
    port,
  });
  const conversation = {
    protocol: 'tcp' as const,
    local: address('10.50.1.21', 40000),
    remote: address('10.50.1.10', 9000),
  };
  const other = timeline(
    segment('alice', 'echo', [40002, 9000], SYN),
    segment('bob', 'echo', [40002, 9000], SYN),
  );

  test('is a line between its two ends, either way', () => {
    expect(matches(pattern('tcp alice > echo SYN', { conversation }), syn)).toBe(true);
    expect(differences(pattern('tcp alice > echo SYN', { conversation }), other[0]!)).toEqual([
      "source port is 40002, not 40000 (of this step's own conversation)",
    ]);
    const back = timeline(
      segment('echo', 'alice', [9000, 40000], SYN | ACK),
      segment('echo', 'alice', [9000, 40002], SYN | ACK),
    );
    expect(back.map((seen) => matches(pattern('tcp echo > alice SYN+ACK', { conversation }), seen))).toEqual([
      true,
      false,
    ]);
  });

  test('is no line with ports of its own, to others, to anybody, or of another protocol', () => {
    expect(matches(pattern('tcp alice:40002 > echo SYN', { conversation }), other[0]!)).toBe(true);
    expect(matches(pattern('tcp alice > * SYN', { conversation }), other[0]!)).toBe(true);
    expect(matches(pattern('tcp bob > echo SYN', { conversation }), other[1]!)).toBe(true);
    expect(matches(pattern('udp alice > echo', { conversation }), datagram)).toBe(true);
  });

  test('of which only the local end is known, is a line to or from that', () => {
    const { remote: _, ...local } = conversation;
    expect(matches(pattern('tcp alice > echo SYN', { conversation: local }), syn)).toBe(true);
    expect(matches(pattern('tcp alice > echo SYN', { conversation: local }), other[0]!)).toBe(false);
  });
});

describe('lines against what a host saw', () => {
  const frames = timeline(
    asks('alice', 'echo'),
    segment('alice', 'echo', [1, 2], SYN),
    asks('bob', 'alice'),
    segment('echo', 'alice', [2, 1], SYN | ACK),
    segment('alice', 'echo', [1, 2], ACK),
  );
  const patterns = (...texts: string[]) => texts.map((text) => pattern(text));
  const numbers = (met: readonly (SeenFrame | undefined)[]) => met.map((seen) => seen?.number);

  test('in order: others may come between, and the first that is missing ends it', () => {
    expect(
      numbers(inOrder(patterns('tcp alice > echo SYN', 'tcp echo > alice', 'tcp alice > echo'), frames)),
    ).toEqual([2, 4, 5]);
    expect(
      numbers(inOrder(patterns('tcp echo > alice', 'tcp alice > echo SYN', 'tcp * > *'), frames)),
    ).toEqual([4, undefined, undefined]);
  });

  test('in any order: each line has a frame of its own, even where a wide line stands first', () => {
    expect(
      numbers(anyOrder(patterns('tcp * > *', 'tcp alice > echo', 'tcp alice > echo SYN'), frames)),
    ).toEqual([4, 5, 2]);
    expect(numbers(anyOrder(patterns('tcp alice > echo SYN', 'tcp alice > echo SYN'), frames))).toEqual([
      2,
      undefined,
    ]);
  });

  test('only: the frames between the ends of the lines, of their protocols, and no others', () => {
    const tcp = patterns('tcp alice > echo SYN', 'tcp echo > alice SYN+ACK', 'tcp alice > echo ACK');
    expect(numbers(concerning(tcp, frames))).toEqual([2, 4, 5]);
    expect(only(tcp, frames)).toEqual({ met: [frames[1], frames[3], frames[4]] });
    expect(only(tcp.slice(0, 2), frames).extra).toBe(frames[4]);
    expect(only([tcp[0]!, tcp[2]!], frames)).toEqual({ met: [frames[1], undefined], extra: frames[3] });
    expect(only([...tcp, tcp[0]!], frames)).toEqual({ met: [frames[1], frames[3], frames[4], undefined] });
  });

  test('a host saw what one of its cards saw, in the order of its own clock', () => {
    const [first, second] = timeline(
      segment('echo', 'alice', [2, 1], ACK),
      segment('alice', 'echo', [1, 2], ACK),
    ) as [SeenFrame, SeenFrame];
    first.sightings[1]!.nanoseconds = 5_000_000;
    expect(numbers(seenAt([first, second], 'alice'))).toEqual([2, 1]);
    expect(numbers(seenAt([first, second], 'echo'))).toEqual([1, 2]);
    expect(seenAt([first, second], 'bob')).toEqual([]);
  });
});

/** Cards that have some of the random frames' addresses. */
function cardsFor(seen: SeenFrame): Card[] {
  const { ethernet, ip } = seen.frame;
  if (!ethernet || (Number.parseInt(ethernet.source.slice(0, 2), 16) & 1) === 1) return [];
  return [
    { host: 'zoe', name: 'eth0', network: 'lan', mac: ethernet.source, addresses: ip ? [ip.source] : [] },
  ];
}

test('the line that a frame is, read again, is met by that frame, whatever the frame', () => {
  fc.assert(
    fc.property(frame, frame, mutation, (fields, other, how) => {
      const { bytes, length } = mutate(encodeFrame(fields), how, encodeFrame(other));
      const seen: SeenFrame = { number: 1, frame: decode(bytes, length), sightings: [] };
      for (const cards of [[], cardsFor(seen)]) {
        for (const made of [lineOf(seen.frame, cards), wholeLineOf(seen.frame, cards)]) {
          const text = printLine(made);
          expect([text, differences(pattern(text, { cards }), seen)]).toEqual([text, []]);
          expect(matches(pattern(text, { cards }), seen)).toBe(true);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
