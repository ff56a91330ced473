/** Whether a host's socket is the one that a line means, and how near it comes. */

import type { Endpoint } from '../../agent/endpoint.ts';
import type { SocketState } from '../../agent/protocol.ts';
import { showEndpoint } from '../../outcomes/show.ts';
import type { End } from '../../wire/lines/line.ts';
import { addressesOf } from '../../wire/lines/parties.ts';
import type { Card } from '../../wire/timeline.ts';
import { compare } from '../condition.ts';
import type { SocketLine } from './line.ts';

/** The conversation of the step: lines without ports between its two ends are about it. */
export interface Bound {
  transport: 'tcp' | 'udp';
  ends: [Endpoint, Endpoint];
}

export interface Scope {
  cards: readonly Card[];
  bound?: Bound | undefined;
}

/** States that `ss` calls by another name than RFC 9293. */
const NAMES: Record<string, string> = { ESTAB: 'ESTABLISHED', 'SYN-RECV': 'SYN-RECEIVED' };

export function stateOf({ state }: SocketState): string {
  return NAMES[state] ?? state;
}

/** How many of the line's conditions hold; all of them where it is the one. */
export function nearness(line: SocketLine, socket: SocketState, scope: Scope): { held: number; all: number } {
  const [local, peer] = bind(line, scope);
  const tests = [
    socket.transport === line.transport,
    isEnd(local, socket.local, scope, true),
    ...(peer ? [isEnd(peer, socket.peer, scope, false)] : []),
    ...(line.state === undefined ? [] : [stateOf(socket) === line.state]),
    ...line.queues.map(({ queue, condition }) =>
      compare(condition, queue === 'receive' ? socket.receiveQueue : socket.sendQueue),
    ),
  ];
  return { held: tests.filter(Boolean).length, all: tests.length };
}

export function matches(line: SocketLine, socket: SocketState, scope: Scope): boolean {
  const { held, all } = nearness(line, socket, scope);
  return held === all;
}

/** Where neither end has a port and both are the step's conversation's, its ports are meant. */
function bind({ local, peer, transport }: SocketLine, { cards, bound }: Scope): [End, End | undefined] {
  if (!bound || !peer || bound.transport !== transport) return [local, peer];
  if (local.port !== undefined || peer.port !== undefined) return [local, peer];
  const [a, b] = bound.ends;
  const is = (end: End, { address }: Endpoint) => addressesOf(end.party, cards).includes(address);
  if (is(local, a) && is(peer, b))
    return [
      { ...local, port: a.port },
      { ...peer, port: b.port },
    ];
  if (is(local, b) && is(peer, a))
    return [
      { ...local, port: b.port },
      { ...peer, port: a.port },
    ];
  return [local, peer];
}

/** The ports that a line without any is about, where it is about the step's conversation. */
export function portsMeant(line: SocketLine, scope: Scope): [number, number] | undefined {
  const [local, peer] = bind(line, scope);
  if (line.local.port !== undefined || local.port === undefined || peer?.port === undefined) return undefined;
  return [local.port, peer.port];
}

function isEnd(
  { party, port }: End,
  { address, port: found }: Endpoint,
  scope: Scope,
  own: boolean,
): boolean {
  if (port !== undefined && port !== found) return false;
  if (party.kind === 'any') return true;
  const wildcard = address === '0.0.0.0' || address === '::' || address === '*';
  // Bound to every address is bound to the host's.
  if (own && wildcard && party.kind === 'host') return true;
  return addressesOf(party, scope.cards).includes(address);
}

/** `tcp 10.50.1.21:40000 > 10.50.1.10:9000 TIME-WAIT`, with what waits where something does. */
export function showSocket(socket: SocketState): string {
  const { transport, local, peer, receiveQueue, sendQueue } = socket;
  const listens = socket.state === 'LISTEN' || (transport === 'udp' && peer.port === 0);
  const words = [
    ...[transport, showEndpoint(local)],
    ...(listens ? [] : ['>', showEndpoint(peer)]),
    ...(transport === 'tcp' ? [stateOf(socket)] : []),
    ...(receiveQueue > 0 || listens ? [`receive=${receiveQueue}`] : []),
    ...(sendQueue > 0 ? [`send=${sendQueue}`] : []),
  ];
  return words.join(' ');
}
