import { describe, expect, test } from 'vitest';
import { followTcp } from '../../lab/wire/conversations.ts';
import { mergeCaptures } from '../../lab/wire/merge.ts';
import type { Card } from '../../lab/wire/timeline.ts';
import { arpRequest, captured, cardOf, tcp } from './made.ts';
import { alice, changes, echo, HANDSHAKE, ISN, notes, type Spoken, say, segmentOf, talk } from './talk.ts';

const CLOSING = [
  say('alice', 'FA', 1, 1),
  say('echo', 'A', 1, 2),
  say('echo', 'FA', 1, 2),
  say('alice', 'A', 2, 2),
];

/** What the segments change, and what is noted, with both ends captured. */
function followed(spoken: readonly Spoken[], cards = [alice, echo]) {
  const frames = talk(spoken, cards);
  const result = followTcp(frames, { captured: cards });
  return {
    changes: changes(frames, result),
    notes: notes(frames, result),
    segments: frames.map((frame) => result.of(frame)!),
    conversations: result.conversations,
  };
}

describe('states of both ends', () => {
  const views: [string, Card[]][] = [
    ['both captured', [alice, echo]],
    ['only the client captured', [alice]],
    ['only the server captured', [echo]],
    ['captured by somebody else', [{ ...alice, addresses: [] }]],
  ];

  test.each(views)('opening and closing, %s', (_, cards) => {
    const { changes, notes } = followed([...HANDSHAKE, ...CLOSING], cards);
    expect(changes).toEqual([
      'client SYN-SENT, server SYN-RECEIVED',
      'client ESTABLISHED',
      'server ESTABLISHED',
      'client FIN-WAIT-1, server CLOSE-WAIT',
      'client FIN-WAIT-2',
      'server LAST-ACK, client TIME-WAIT',
      'server CLOSED',
    ]);
    expect(notes).toEqual([
      'SYN',
      'SYN+ACK',
      'handshake done',
      'FIN',
      'FIN acknowledged',
      'FIN',
      'FIN acknowledged, closed',
    ]);
  });

  test.each(views)('both closing at once, %s', (_, cards) => {
    const { changes, notes } = followed(
      [
        ...HANDSHAKE,
        say('alice', 'FA', 1, 1, { delay: 300 }),
        say('echo', 'FA', 1, 1, { delay: 300, after: 10 }),
        say('alice', 'A', 2, 2, { after: 400 }),
        say('echo', 'A', 2, 2, { after: 1, delay: 50 }),
      ],
      cards,
    );
    // Who captures the FINs at one end only sees first its own go, then the other's come.
    const closing = changes.slice(3).sort();
    expect(closing).toEqual(
      [
        'client FIN-WAIT-1, server CLOSING',
        'server FIN-WAIT-1, client CLOSING',
        'server TIME-WAIT',
        'client TIME-WAIT',
      ].sort(),
    );
    expect(notes.filter((note) => note.includes('simultaneous close'))).toHaveLength(1);
    expect(notes.filter((note) => note.includes('closed'))).toHaveLength(1);
  });

  test('both opening at once', () => {
    const { changes, notes, conversations } = followed([
      say('alice', 'S', 0, undefined, { delay: 300 }),
      say('echo', 'S', 0, undefined, { delay: 300, after: 10 }),
      say('alice', 'SA', 0, 1, { after: 400 }),
      say('echo', 'SA', 0, 1, { after: 5, delay: 50 }),
    ]);
    expect(changes).toEqual([
      'client SYN-SENT, server SYN-RECEIVED',
      'server SYN-SENT, client SYN-RECEIVED',
      'server ESTABLISHED',
      'client ESTABLISHED',
    ]);
    expect(notes).toEqual(['SYN', 'SYN, simultaneous open', 'SYN+ACK', 'SYN+ACK, handshake done']);
    expect(conversations).toHaveLength(1);
  });

  test('nobody listens: the reset that answers the SYN closes the client', () => {
    const { changes, notes, segments } = followed([
      say('alice', 'S', 0),
      say('echo', 'RA', 0, 1, { isn: 0 }),
    ]);
    expect(changes).toEqual(['client SYN-SENT', 'client CLOSED']);
    expect(segments[0]!.states).toEqual({ client: 'SYN-SENT', server: 'CLOSED' });
    expect(notes).toEqual(['SYN', 'reset, refused']);
    expect(segments.map(({ phase }) => phase)).toEqual(['refused', 'refused']);
  });

  test('a reset with the number that is waited for closes both ends', () => {
    expect(followed([...HANDSHAKE, say('echo', 'R', 1)]).changes[3]).toBe('server CLOSED, client CLOSED');
  });

  test('a reset with another number closes only who sent it', () => {
    expect(followed([...HANDSHAKE, say('echo', 'R', 500)]).changes[3]).toBe('server CLOSED');
  });

  test('a reset before the handshake is done sends the server back to LISTEN', () => {
    const { changes } = followed([...HANDSHAKE.slice(0, 2), say('alice', 'R', 1)]);
    expect(changes[2]).toBe('client CLOSED, server LISTEN');
  });

  test('a SYN that is lost changes its sender only', () => {
    const lost = say('alice', 'S', 0, undefined, { delay: 'lost' });
    const { changes, notes } = followed([lost, { ...lost, after: 1_000_000 }, ...HANDSHAKE]);
    expect(changes).toEqual([
      'client SYN-SENT',
      '',
      'server SYN-RECEIVED',
      'client ESTABLISHED',
      'server ESTABLISHED',
    ]);
    expect(notes.slice(0, 3)).toEqual(['SYN', 'SYN, retransmission', 'SYN, retransmission']);
  });

  test('a host that captured and saw nothing has no state', () => {
    const { segments } = followed([say('alice', 'S', 0, undefined, { delay: 'lost' })]);
    expect(segments[0]!.states).toEqual({ client: 'SYN-SENT' });
  });

  test('a FIN that is lost leaves the peer where it is, until it comes again', () => {
    const { changes } = followed([
      ...HANDSHAKE,
      say('alice', 'FA', 1, 1, { delay: 'lost' }),
      say('alice', 'FA', 1, 1, { after: 200_000 }),
    ]);
    expect(changes.slice(3)).toEqual(['client FIN-WAIT-1', 'server CLOSE-WAIT']);
  });

  test('a FIN counts when everything before it is there', () => {
    const { changes, notes } = followed([
      ...HANDSHAKE,
      say('alice', 'A', 1, 1, { payload: 'abc', delay: 500 }),
      say('alice', 'FA', 4, 1),
      say('echo', 'A', 1, 5, { after: 1000 }),
    ]);
    expect(changes.slice(3)).toEqual(['server CLOSE-WAIT', 'client FIN-WAIT-1', 'client FIN-WAIT-2']);
    expect(notes.slice(3)).toEqual(['out of order', 'FIN', 'FIN acknowledged']);
  });

  test('half-closed, the other side still sends', () => {
    const { changes, notes } = followed([
      ...HANDSHAKE,
      say('alice', 'FA', 1, 1),
      say('echo', 'A', 1, 2),
      say('echo', 'PA', 1, 2, { payload: 'still here' }),
      say('alice', 'A', 2, 11),
      say('echo', 'FA', 11, 2),
      say('alice', 'A', 2, 12),
    ]);
    expect(notes[3]).toBe('FIN, half-close');
    expect(changes.slice(3)).toEqual([
      'client FIN-WAIT-1, server CLOSE-WAIT',
      'client FIN-WAIT-2',
      '',
      '',
      'server LAST-ACK, client TIME-WAIT',
      'server CLOSED',
    ]);
  });
});

describe('conversations', () => {
  test('numbers begin at the SYN and pass 2^32', () => {
    const { segments } = followed([
      ...HANDSHAKE,
      say('alice', 'PA', 1, 1, { payload: 'x'.repeat(40) }),
      say('echo', 'A', 1, 41),
    ]);
    expect(ISN.alice + 41).toBeGreaterThan(2 ** 32);
    expect(
      segments.map(({ sequence, acknowledgement, length }) => [sequence, acknowledgement, length]),
    ).toEqual([
      [0, undefined, 0],
      [0, 1, 0],
      [1, 1, 0],
      [1, 1, 40],
      [1, 41, 0],
    ]);
    expect(segments.flatMap(({ notes }) => notes)).toEqual(['SYN', 'SYN+ACK', 'handshake done']);
  });

  test('another SYN on the same ports begins another conversation', () => {
    const { conversations, changes } = followed([
      ...HANDSHAKE,
      ...CLOSING,
      say('alice', 'S', 0, undefined, { isn: 777_777 }),
    ]);
    expect(conversations.map(({ number, begun, segments }) => [number, begun, segments.length])).toEqual([
      [1, true, 7],
      [2, true, 1],
    ]);
    expect(changes[7]).toBe('client SYN-SENT');
  });

  test('one that had begun before the capture has the lower port as its server', () => {
    const { conversations, segments, changes } = followed([
      say('echo', 'PA', 100, 50, { payload: 'abc' }),
      say('alice', 'FA', 50, 103),
    ]);
    expect(conversations).toMatchObject([{ begun: false, client: { port: 40_000 }, server: { port: 9000 } }]);
    expect(segments.map(({ sequence, acknowledgement }) => [sequence, acknowledgement])).toEqual([
      [1, 1],
      [1, 4],
    ]);
    expect(changes).toEqual([
      'server ESTABLISHED, client ESTABLISHED',
      'client FIN-WAIT-1, server CLOSE-WAIT',
    ]);
  });

  test('windows are in bytes once both have offered to scale them', () => {
    const [syn, answer, done] = HANDSHAKE as [Spoken, Spoken, Spoken];
    const windows = (scale: number | undefined) =>
      followed([
        { ...syn, window: 1000, scale: 7 },
        { ...answer, window: 1000, ...(scale !== undefined && { scale }) },
        { ...done, window: 10 },
        say('echo', 'A', 1, 1, { window: 10 }),
      ]).segments.map(({ window }) => window);
    expect(windows(2)).toEqual([1000, 1000, 1280, 40]);
    expect(windows(undefined)).toEqual([1000, 1000, 10, 10]);
  });

  test('frames that are no TCP are in none', () => {
    const frames = mergeCaptures([{ card: alice, frames: [captured(arpRequest('alice', 'echo'), 0)] }]);
    const result = followTcp(frames);
    expect(result.conversations).toEqual([]);
    expect(result.of(frames[0]!)).toBeUndefined();
  });
});

describe('what went other than straight on', () => {
  const data = say('alice', 'PA', 1, 1, { payload: 'abc' });
  const lost = { ...data, delay: 'lost' } as const;
  const ack = say('echo', 'A', 1, 4);
  const cases: [string, Spoken[], string[]][] = [
    ['data sent again', [lost, data, ack], ['', 'retransmission', '']],
    ['data sent again though it was acknowledged', [data, ack, data], ['', '', 'spurious retransmission']],
    [
      'acknowledgements repeated for what is missing',
      [
        say('alice', 'A', 1, 1, { payload: 'abc', delay: 'lost' }),
        say('alice', 'A', 4, 1, { payload: 'def' }),
        say('echo', 'A', 1, 1),
        say('echo', 'A', 1, 1),
      ],
      ['', '', 'duplicate ack', 'duplicate ack'],
    ],
    [
      'a window that closes, is probed and opens',
      [
        data,
        say('echo', 'A', 1, 4, { window: 0 }),
        say('alice', 'A', 3, 1),
        say('echo', 'A', 1, 4, { window: 0 }),
        say('alice', 'A', 4, 1, { payload: 'd' }),
        say('echo', 'A', 1, 4, { window: 900 }),
      ],
      ['', 'zero window', 'window probe', 'zero window', 'window probe', 'window update'],
    ],
    [
      'a keepalive and its answer',
      [data, ack, say('alice', 'A', 3, 1), ack],
      ['', '', 'keepalive', 'keepalive ack'],
    ],
    ['a reset', [say('alice', 'RA', 1, 1)], ['reset']],
  ];
  test.each(cases)('%s', (_, spoken, expected) => {
    expect(followed([...HANDSHAKE, ...spoken]).notes.slice(3)).toEqual(expected);
  });

  test('captured at the receiver alone, a gap and what fills it at once or late', () => {
    const second = say('alice', 'A', 4, 1, { payload: 'def' });
    const first = say('alice', 'A', 1, 1, { payload: 'abc' });
    expect(followed([...HANDSHAKE, second, first], [echo]).notes.slice(3)).toEqual(['gap', 'out of order']);
    const late = { ...first, after: 200_000 };
    expect(followed([...HANDSHAKE, second, late], [echo]).notes.slice(3)).toEqual(['gap', 'retransmission']);
  });

  test('a frame that the network doubled is a duplicate, not a retransmission', () => {
    const spoken = [...HANDSHAKE, data];
    const bytes = segmentOf(data, 4);
    const doubled = mergeCaptures([
      { card: alice, frames: spoken.map((one, index) => captured(segmentOf(one, index + 1), index * 100)) },
      { card: echo, frames: [captured(bytes, 310), captured(bytes, 320)] },
    ]);
    const result = followTcp(doubled);
    expect(notes(doubled, result).slice(3)).toEqual(['', 'duplicate']);
  });

  test('a segment that a router forwards is the same one: the far end receives it', () => {
    const near = segmentOf(HANDSHAKE[0]!, 1);
    const far = Buffer.from(near);
    far.set([2, 0x6c, 0x61, 0, 0, 3], 6);
    far[22] = 63;
    const answer = tcp({
      from: 'echo',
      to: 'bob',
      sourcePort: 9000,
      destinationPort: 40_000,
      flags: 18,
      sequence: ISN.echo,
      acknowledgement: ISN.alice + 1,
    });
    answer.set([10, 50, 1, 21], 30);
    const frames = mergeCaptures([
      { card: alice, frames: [captured(near, 0)] },
      { card: cardOf('echo', 'lab'), frames: [captured(far, 50), captured(answer, 90)] },
    ]);
    const result = followTcp(frames);
    expect(notes(frames, result)).toEqual(['SYN', 'forwarded', 'SYN+ACK']);
    expect(changes(frames, result)).toEqual(['client SYN-SENT', 'server SYN-RECEIVED', '']);
  });
});
