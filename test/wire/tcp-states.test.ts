/** The states of both ends of a TCP connection, as captures show them (RFC 9293 section 3.3.2). */
import { describe, expect, test } from 'vitest';
import { newEnd, receives } from '../../lab/wire/conversations/state.ts';
import type { Card } from '../../lab/wire/timeline.ts';
import { alice, CLOSING, echo, followed, HANDSHAKE, say } from './talk.ts';

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

  test('what an end that was not captured never acknowledged has not come to it', () => {
    const { changes } = followed(
      [...HANDSHAKE, say('alice', 'FA', 1, 1), say('echo', 'PA', 1, 1, { payload: 'abc' })],
      [alice],
    );
    expect(changes.slice(3)).toEqual(['client FIN-WAIT-1', '']);
  });

  test('a reset that answers a wrong acknowledgement leaves the attempt going', () => {
    const { changes } = followed([
      say('alice', 'S', 0),
      say('echo', 'A', 9000, 500),
      say('alice', 'R', 500),
      say('alice', 'S', 0, undefined, { after: 1_000_000 }),
      say('echo', 'SA', 0, 1),
    ]);
    expect(changes[2]).toBe('server CLOSED');
    expect(changes[4]).toContain('client ESTABLISHED');
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

describe('what comes before it should', () => {
  const runs = (...segments: [from: number, to: number][]) => {
    const end = newEnd('ESTABLISHED', true);
    end.next = 1;
    for (const [sequence, after] of segments)
      receives(end, { flags: 16, sequence, end: after, acknowledgement: 1 });
    return { next: end.next, beyond: end.beyond };
  };

  test.each([
    [
      'in order',
      [
        [21, 31],
        [41, 51],
      ],
      1,
      [
        [21, 31],
        [41, 51],
      ],
    ],
    [
      'in another order',
      [
        [41, 51],
        [21, 31],
      ],
      1,
      [
        [21, 31],
        [41, 51],
      ],
    ],
    [
      'twice, and over each other',
      [
        [21, 31],
        [25, 41],
        [21, 31],
      ],
      1,
      [[21, 41]],
    ],
    [
      'between two that it joins',
      [
        [21, 31],
        [41, 51],
        [31, 41],
      ],
      1,
      [[21, 51]],
    ],
    [
      'and then what was missing',
      [
        [21, 31],
        [41, 51],
        [11, 21],
        [1, 11],
      ],
      31,
      [[41, 51]],
    ],
  ] as [string, [number, number][], number, [number, number][]][])(
    'is kept as runs: %s',
    (_, segments, next, beyond) => {
      expect(runs(...segments)).toEqual({ next, beyond });
    },
  );
});
