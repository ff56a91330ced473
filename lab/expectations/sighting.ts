/** Finding one event among those of a host, by the whole tuple; and the nearest ones where it is not there. Pure. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { HostEvent } from '../agent/protocol.ts';
import { showBytes, showEndpoint } from '../outcomes/show.ts';

/** All that is given must match. Where there are several peers, one of them must. */
export interface Sought {
  event: string;
  /** The client, as the server saw it; the port is absent where the step has no socket of its own. */
  peer: { address: string; port?: number }[];
  peerPort: number | undefined;
  /** The server's own end, or for a datagram to many the address it was sent to. */
  local: Endpoint | undefined;
  /** Milliseconds since the Unix epoch. */
  since: number;
  text: string | undefined;
  bytes: number | undefined;
}

/** Two processes of one machine read the same clock, to a millisecond or so. */
const CLOCK_SLACK = 2;

export function isFrom(event: HostEvent, sought: Sought): boolean {
  return (
    event.event === sought.event &&
    Date.parse(event.time) >= sought.since - CLOCK_SLACK &&
    sought.peer.some((peer) => isPeer(event.peer, peer)) &&
    (sought.peerPort === undefined || event.peer?.port === sought.peerPort) &&
    (sought.local === undefined || isPeer(event.local, sought.local)) &&
    (sought.text === undefined || isText(event, sought.text)) &&
    (sought.bytes === undefined || event.bytes === sought.bytes)
  );
}

/** Of a long text the event has only the beginning, and the number of bytes. */
function isText(event: HostEvent, text: string): boolean {
  if (!event.truncated) return event.text === text;
  return text.startsWith(event.text ?? '') && event.bytes === Buffer.byteLength(text);
}

function isPeer(found: Endpoint | undefined, wanted: { address: string; port?: number }): boolean {
  if (!found || found.address !== wanted.address) return false;
  return wanted.port === undefined || found.port === wanted.port;
}

const SHOWN = 3;

/** Those of clients, since the step began. */
function recentOf(events: readonly HostEvent[], { since }: Sought): HostEvent[] {
  return events.filter((event) => event.peer && Date.parse(event.time) >= since - CLOCK_SLACK);
}

/** Where the one that was sought is not among them. */
export function cameOf(events: readonly HostEvent[], sought: Sought): 'nothing' | 'other' {
  return recentOf(events, sought).length === 0 ? 'nothing' : 'other';
}

/** The events that come nearest to what was sought, most like it first; or that there are none. */
export function nearest(events: readonly HostEvent[], sought: Sought): string {
  const recent = recentOf(events, sought);
  const rated = recent
    .map((event) => ({ event, likeness: likeness(event, sought) }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, SHOWN);
  if (rated.length > 0)
    return `no such event; nearest: ${rated.map(({ event }) => showEvent(event)).join('; ')}`;
  return recent.length > 0
    ? `no such event among ${recent.length} since the step began`
    : 'no event of any client since the step began';
}

/** The same socket counts most, then the same address, then the same kind of event. */
function likeness(event: HostEvent, sought: Sought): number {
  const socket = sought.peer.some((peer) => isPeer(event.peer, peer)) ? 4 : 0;
  const address = sought.peer.some((peer) => peer.address === event.peer?.address) ? 2 : 0;
  return socket + address + (event.event === sought.event ? 1 : 0);
}

/** `accept 10.50.1.21:40000 > 10.50.1.10:9000`, or without its `ends`. */
export function showEvent(event: HostEvent, ends = true): string {
  const peer = ends && event.peer ? ` ${showEndpoint(event.peer)}` : '';
  const local = ends && event.local ? ` > ${showEndpoint(event.local)}` : '';
  const content = event.text === undefined ? size(event) : ` ${showText(event)}`;
  return `${event.event}${peer}${local}${content}`;
}

function showText(event: HostEvent): string {
  const text = event.text ?? '';
  // The text is an excerpt, and for what is no text a poor one: then the number says more.
  if (event.bytes === 0 || /[\p{Cc}\uFFFD]/u.test(text.replaceAll(/[\t\n\r]/g, '')))
    return `${event.bytes} bytes`;
  if (!event.truncated) return showBytes(Buffer.from(text));
  return `${event.bytes} bytes: ${JSON.stringify(text.slice(0, 40))}…`;
}

function size(event: HostEvent): string {
  return event.bytes === undefined ? '' : ` ${event.bytes} bytes`;
}
