/** A line of what a host said, for a person. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { HostEvent } from '../agent/protocol.ts';
import type { Entry } from '../live/journal.ts';
import { painter } from './paint.ts';
import { oneLine, visible } from './printable.ts';

/** `echo  | accept tcp 10.50.1.21:40000 > 10.50.1.10:9000`; `width` is that of the longest host's name. */
export function entryLine(entry: Entry, { colour, width }: { colour: boolean; width: number }): string {
  const paint = painter({ colour });
  const host = paint('cyan', entry.host.padEnd(width));
  if ('event' in entry) return `${host} | ${oneLine(eventText(entry.event))}`;
  const line = visible(entry.line).replaceAll('\n', ' ');
  return `${host} | ${entry.stream === 'stderr' ? paint('yellow', line) : line}`;
}

/** The word, who and whom, what; then whatever else it says. */
export function eventText({ time: _, event, transport, peer, local, text, ...rest }: HostEvent): string {
  const tuple = [peer, local].flatMap((end) => (end ? [endpoint(end)] : [])).join(' > ');
  const others = Object.entries(rest).map(([key, value]) => `${key}=${plain(value)}`);
  const said = text === undefined ? [] : [JSON.stringify(text)];
  return [event, transport, tuple, ...said, ...others].filter(Boolean).join(' ');
}

function endpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
