/** Lines of `sockets`: which socket of a host each means, and what is said of a wrong line. */
import { describe, expect, test } from 'vitest';
import type { SocketState } from '../../lab/agent/protocol.ts';
import { readSocketLine, type SocketLine } from '../../lab/expectations/sockets/line.ts';
import { matches, portsMeant, type Scope, showSocket } from '../../lab/expectations/sockets/match.ts';

const CARDS = [
  { host: 'alice', name: 'eth0', mac: '02:00:00:00:00:21', network: 'office', addresses: ['10.1.1.21'] },
  { host: 'echo', name: 'eth0', mac: '02:00:00:00:00:10', network: 'office', addresses: ['10.1.1.10'] },
];
const scope: Scope = { cards: CARDS };

function line(text: string): SocketLine {
  const { line, problem } = readSocketLine(text);
  if (!line) throw new Error(problem.message);
  return line;
}

const at = (address: string, port: number) => ({ address, port });

function socket(more: Partial<SocketState> = {}): SocketState {
  return {
    transport: 'tcp',
    state: 'ESTAB',
    local: at('10.1.1.21', 40_000),
    peer: at('10.1.1.10', 9000),
    receiveQueue: 0,
    sendQueue: 0,
    ...more,
  };
}

const listener = socket({
  state: 'LISTEN',
  local: at('0.0.0.0', 9000),
  peer: at('0.0.0.0', 0),
  sendQueue: 1,
});

describe('a line for a socket', () => {
  test('means the ends by host or address, with a port or without', () => {
    for (const text of [
      'tcp alice > echo:9000 ESTABLISHED',
      'tcp alice > echo',
      'tcp alice:40000 > *',
      'tcp 10.1.1.21 > 10.1.1.10:9000',
      'tcp * > echo',
      'tcp alice',
    ])
      expect([text, matches(line(text), socket(), scope)]).toEqual([text, true]);
    for (const text of [
      'tcp echo > alice',
      'tcp alice > echo:9001',
      'tcp alice:40001',
      'tcp alice > echo TIME-WAIT',
      'udp alice > echo',
    ])
      expect([text, matches(line(text), socket(), scope)]).toEqual([text, false]);
  });

  test('without ports between the ends of the step’s conversation is about that one alone, and says its ports', () => {
    const bound: Scope = {
      ...scope,
      bound: { transport: 'tcp', ends: [at('10.1.1.21', 40_001), at('10.1.1.10', 9000)] },
    };
    expect(matches(line('tcp alice > echo'), socket(), bound)).toBe(false);
    expect(portsMeant(line('tcp alice > echo'), bound)).toEqual([40_001, 9000]);
    expect(portsMeant(line('tcp echo > alice'), bound)).toEqual([9000, 40_001]);
    expect(portsMeant(line('tcp alice > echo:9000'), bound)).toBeUndefined();
    expect(portsMeant(line('tcp alice > echo'), scope)).toBeUndefined();
  });

  test('means a listener on every address by its host’s name, and one on loopback by that address', () => {
    expect(matches(line('tcp echo:9000 LISTEN'), listener, scope)).toBe(true);
    expect(matches(line('tcp 127.0.0.1:9000 LISTEN'), listener, scope)).toBe(false);
    const own = { ...listener, local: at('127.0.0.1', 9000) };
    expect(matches(line('tcp 127.0.0.1:9000 LISTEN'), own, scope)).toBe(true);
    expect(matches(line('tcp echo:9000 LISTEN'), own, scope)).toBe(false);
  });

  test('means what waits in its queues', () => {
    const full = { ...listener, receiveQueue: 2 };
    expect(matches(line('tcp echo:9000 LISTEN receive=2 send=1'), full, scope)).toBe(true);
    expect(matches(line('tcp echo:9000 LISTEN receive>2'), full, scope)).toBe(false);
    expect(matches(line('tcp echo:9000 LISTEN receive>=2'), full, scope)).toBe(true);
  });

  test('without ports, between the ends of the step’s conversation, means that one alone', () => {
    const bound = {
      transport: 'tcp' as const,
      ends: [at('10.1.1.21', 40_000), at('10.1.1.10', 9000)] as const,
    };
    const own: Scope = { cards: CARDS, bound: { ...bound, ends: [...bound.ends] } };
    const other = socket({ local: at('10.1.1.21', 40_001) });
    expect(matches(line('tcp alice > echo'), socket(), own)).toBe(true);
    expect(matches(line('tcp alice > echo'), other, own)).toBe(false);
    expect(matches(line('tcp alice > echo:9000'), other, own)).toBe(true);
    const server = socket({ local: at('10.1.1.10', 9000), peer: at('10.1.1.21', 40_000) });
    expect(matches(line('tcp echo > alice'), server, own)).toBe(true);
  });

  test('names states as RFC 9293 does, whatever ss calls them', () => {
    expect(matches(line('tcp alice > echo SYN-RECEIVED'), socket({ state: 'SYN-RECV' }), scope)).toBe(true);
    expect(showSocket(socket({ receiveQueue: 3 }))).toBe(
      'tcp 10.1.1.21:40000 > 10.1.1.10:9000 ESTABLISHED receive=3',
    );
    expect(showSocket(listener)).toBe('tcp 0.0.0.0:9000 LISTEN receive=0 send=1');
  });
});

describe('a wrong line for a socket', () => {
  test.each([
    ['', 'a socket has a transport and its own address', 1],
    ['tcp', 'a socket has a transport and its own address', 1],
    ['sctp alice', '`sctp` is not a transport of sockets', 1],
    ['tcp alice >', /missing|neither/, 12],
    ['tcp alice > echo WAITING', '`WAITING` is not a state of a TCP socket', 18],
    ['udp alice LISTEN', 'a UDP socket has no state, and `LISTEN` is not one of its fields', 11],
    ['tcp alice queue=3', '`queue` is not a queue', 11],
    ['tcp alice send=lots', 'lots is not a number of bytes', 11],
  ])('%s', (text, message, column) => {
    const { problem } = readSocketLine(text);
    if (typeof message === 'string') expect(problem?.message).toBe(message);
    else expect(problem?.message).toMatch(message);
    expect(problem?.column).toBe(column);
  });
});
