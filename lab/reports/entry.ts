/** An event or a line of a host, for a person. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { HostEvent } from '../agent/protocol.ts';
import type { Entry } from '../live/journal.ts';
import { painter } from './paint.ts';
import { oneLine, visible } from './printable.ts';

/** `14:03:07.042 echo  | accept tcp 10.50.1.21:40000 > 10.50.1.10:9000`; `width` is that of the longest host's name. */
export function entryLine(entry: Entry, { colour, width }: { colour: boolean; width: number }): string {
  const paint = painter({ colour });
  const head = `${paint('dim', clockOf(entry.time))} ${paint('cyan', entry.host.padEnd(width))}`;
  if ('event' in entry) return `${head} | ${oneLine(eventText(entry.event))}`;
  const line = visible(entry.line).replaceAll('\n', ' ');
  return `${head} | ${entry.stream === 'stderr' ? paint('yellow', line) : line}`;
}

/** The reader's own time of day. A program may have written the time itself: a text that is not a time stays as it is. */
function clockOf(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return oneLine(time).padEnd(CLOCK);
  const two = (part: number) => String(part).padStart(2, '0');
  const second = `${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${two(at.getHours())}:${two(at.getMinutes())}:${second}`;
}

/** Characters of `14:03:07.042`. */
const CLOCK = 12;

/** The word of the event, its two ends and its text; then all other fields. */
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
