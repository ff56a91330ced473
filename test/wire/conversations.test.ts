/** TCP conversations followed: numbers, windows, retransmissions, duplicates, gaps. */
import { describe, expect, test } from 'vitest';
import { followTcp } from '../../lab/wire/conversations/follow.ts';
import { mergeCaptures } from '../../lab/wire/merge.ts';
import { arpRequest, captured, cardOf, tcp } from './made.ts';
import {
  alice,
  CLOSING,
  changes,
  echo,
  followed,
  HANDSHAKE,
  ISN,
  notes,
  type Spoken,
  say,
  segmentOf,
  talk,
} from './talk.ts';

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

  test('a SYN after the middle of one begins another', () => {
    const { conversations } = followed([say('echo', 'PA', 100, 50, { payload: 'abc' }), ...HANDSHAKE]);
    expect(conversations.map(({ begun, segments }) => [begun, segments.length])).toEqual([
      [false, 1],
      [true, 3],
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
    expect(windows(15)).toEqual([1000, 1000, 1280, 10 * 2 ** 14]);
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
    [
      'a last byte sent again, which is no keepalive',
      [
        { ...lost, payload: 'a' },
        { ...data, payload: 'a' },
      ],
      ['', 'retransmission'],
    ],
    [
      'the same bytes sent twice by the sender itself',
      [
        { ...lost, identification: 9 },
        { ...data, identification: 9 },
      ],
      ['', 'retransmission'],
    ],
    ['a window after the SYN, which is no update', [say('echo', 'A', 1, 1, { window: 10 })], ['']],
    ['a reset', [say('alice', 'RA', 1, 1)], ['reset']],
  ];
  test.each(cases)('%s', (_, spoken, expected) => {
    expect(followed([...HANDSHAKE, ...spoken]).notes.slice(3)).toEqual(expected);
  });

  test('captured at the receiver alone, a gap and what fills it at once or late', () => {
    const second = say('alice', 'A', 4, 1, { payload: 'def' });
    const first = say('alice', 'A', 1, 1, { payload: 'abc' });
    const overtaken = followed([...HANDSHAKE, second, first, first], [echo]).notes.slice(3);
    expect(overtaken).toEqual(['gap', 'out of order', 'retransmission']);
    const late = { ...first, after: 200_000 };
    expect(followed([...HANDSHAKE, second, late], [echo]).notes.slice(3)).toEqual(['gap', 'retransmission']);
  });

  test('captured at the receiver alone, what was asked for again was sent again', () => {
    const part = (sequence: number) => say('alice', 'A', sequence, 1, { payload: 'abc' });
    const asked = say('echo', 'A', 1, 1);
    const asking = [part(4), asked, asked, part(1), part(1), say('echo', 'A', 1, 7)];
    const seen = followed([...HANDSHAKE, ...asking, part(10), part(7)], [echo]).notes.slice(3);
    expect(seen).toEqual([
      'gap',
      'duplicate ack',
      'duplicate ack',
      'retransmission',
      'retransmission',
      '',
      'gap',
      'out of order',
    ]);
  });

  test('equal frames without an identification are sent again, unless the sender’s own capture denies it', () => {
    const twice = [data, data].map((one) => ({ ...one, identification: 0 }));
    const unknown = { ...echo, addresses: [] };
    expect(followed([...HANDSHAKE, ...twice], [unknown]).notes.slice(3)).toEqual(['', 'retransmission']);
    const known = [data, data].map((one) => ({ ...one, identification: 9 }));
    expect(followed([...HANDSHAKE, ...known], [unknown]).notes.slice(3)).toEqual(['', 'duplicate']);
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

describe('what is sent again', () => {
  const resent = (spoken: Spoken[], cards = [alice, echo]) => {
    const frames = talk(spoken, cards);
    const { of } = followTcp(frames);
    return frames.map((one) => of(one)?.resent === true);
  };
  const syn = say('alice', 'S', 0);
  const data = say('alice', 'PA', 1, 1, { payload: 'abc' });
  const lost = { ...data, delay: 'lost' } as const;

  test('are bytes that were seen from their sender before, also a SYN', () => {
    expect(resent([lost, data])).toEqual([false, true]);
    expect(resent([{ ...syn, delay: 'lost' }, syn])).toEqual([false, true]);
    expect(resent([data, { ...data, payload: 'abcdef' }])).toEqual([false, true]);
    expect(resent([data, say('alice', 'PA', 4, 1, { payload: 'def' })])).toEqual([false, false]);
  });

  test('is not known of bytes of which the capture has one copy alone', () => {
    expect(resent([lost, say('alice', 'PA', 4, 1, { payload: 'def' }), data], [echo])).toEqual([
      false,
      false,
    ]);
  });

  test('is neither a probe nor the copy that the way has made of a segment', () => {
    expect(resent([data, say('echo', 'A', 1, 4), say('alice', 'A', 3, 1)])).toEqual([false, false, false]);
    const same = { ...data, identification: 7 };
    expect(resent([same, same], [echo])).toEqual([false, false]);
  });
});
