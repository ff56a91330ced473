/** Which event of a host is the one that `seen` looks for, and which ones are nearest. */
import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../../lab/agent/protocol.ts';
import { isFrom, nearest, type Sought, showEvent } from '../../lab/expectations/sighting.ts';

const BEGAN = Date.parse('2030-01-01T00:00:10.000Z');
const client = { address: '10.50.1.21', port: 40000 };
const server = { address: '10.50.1.10', port: 9000 };

const sought: Sought = {
  event: 'receive',
  peer: [client],
  peerPort: undefined,
  local: server,
  since: BEGAN,
  text: undefined,
  bytes: undefined,
};

const event: HostEvent = {
  time: '2030-01-01T00:00:10.000123Z',
  event: 'receive',
  transport: 'tcp',
  peer: client,
  local: server,
  bytes: 5,
  text: 'hello',
};

describe('an event is the one sought', () => {
  test('when everything is the same', () => {
    expect(isFrom(event, { ...sought, text: 'hello', bytes: 5, peerPort: 40000 })).toBe(true);
  });

  test.each<[string, Partial<HostEvent>, Partial<Sought>]>([
    ['another kind of event', { event: 'accept' }, {}],
    ['another port of the client', { peer: { ...client, port: 40001 } }, {}],
    ['another client', { peer: { ...client, address: '10.50.1.22' } }, {}],
    ['another port of the server', { local: { ...server, port: 7 } }, {}],
    ['another address of the server', { local: { ...server, address: '10.50.2.10' } }, {}],
    ['an event before the step', { time: '2030-01-01T00:00:09.990Z' }, {}],
    ['another text', {}, { text: 'hell' }],
    ['another number of bytes', {}, { bytes: 4 }],
    ['another port than the one asked for', {}, { peerPort: 40001 }],
  ])('not for %s', (_, changed, wanted) => {
    expect(isFrom({ ...event, ...changed }, { ...sought, ...wanted })).toBe(false);
  });

  test('when the event has only the beginning of a long text', () => {
    const long = { ...event, bytes: 300, text: 'a'.repeat(200), truncated: true };
    expect(isFrom(long, { ...sought, text: 'a'.repeat(300) })).toBe(true);
    expect(isFrom(long, { ...sought, text: 'a'.repeat(301) })).toBe(false);
    expect(isFrom(long, { ...sought, text: 'b'.repeat(300) })).toBe(false);
  });

  test('no event without a time or a peer is', () => {
    expect(isFrom({ time: '', event: 'receive' }, sought)).toBe(false);
  });
});

describe('the nearest events', () => {
  test('begin with the same socket, then the same address', () => {
    const events = [
      { ...event, peer: { address: '10.50.1.99', port: 1 }, event: 'accept' },
      { ...event, peer: { ...client, port: 40001 } },
      { ...event, event: 'accept' },
    ];
    expect(nearest(events, { ...sought, text: 'other' })).toBe(
      'no such event; nearest: accept 10.50.1.21:40000 > 10.50.1.10:9000 "hello"; ' +
        'receive 10.50.1.21:40001 > 10.50.1.10:9000 "hello"',
    );
  });

  test('are none where none is near', () => {
    expect(nearest([], sought)).toBe('no event of any client since the step began');
    const stranger = { ...event, event: 'accept', peer: { address: '10.50.1.99', port: 1 } };
    expect(nearest([stranger], sought)).toBe('no such event among 1 since the step began');
  });
});

test('an event that is no text is printed by its size', () => {
  expect(showEvent({ ...event, bytes: 48, text: '#\u0000\u0000\ufffd' })).toBe(
    'receive 10.50.1.21:40000 > 10.50.1.10:9000 48 bytes',
  );
  expect(showEvent({ ...event, bytes: 500, text: 'aaa', truncated: true })).toContain('500 bytes: "aaa"…');
});
