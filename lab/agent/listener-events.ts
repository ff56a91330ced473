/** Events of the agent's own listeners, in the shape that the five programs print. */

import type { Endpoint } from './endpoint.ts';
import type { HostEvent } from './protocol.ts';
import { readClock } from './wall-clock.ts';

export type Report = (event: HostEvent) => void;

/** UTF-16 units of an event's text. */
const TEXT = 200;

/** Microseconds since 1970. */
export function wallClock(): number {
  const { least, most } = readClock();
  return Math.round((least + most) / 2);
}

/** ISO 8601 in UTC with microseconds. */
export function timeStamp(): string {
  const microseconds = wallClock();
  const iso = new Date(Math.floor(microseconds / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(microseconds % 1000).padStart(3, '0')}Z`;
}

export function hostEvent(
  event: string,
  transport: 'tcp' | 'udp',
  local: Endpoint,
  peer: Endpoint,
  extra: Record<string, unknown> = {},
): HostEvent {
  return { time: timeStamp(), event, transport, local, peer, ...extra };
}

/** The facts of a `receive` event: how many bytes, and the first of them as text, no character cut in two. */
export function received(bytes: Buffer): { bytes: number; text: string; truncated?: true } {
  // A unit takes three bytes of UTF-8 at most: bytes beyond these cannot be shown.
  const text = bytes.subarray(0, 3 * TEXT + 3).toString('utf8');
  if (text.length <= TEXT) return { bytes: bytes.length, text };
  const cut = text.slice(0, TEXT).replace(/[\ud800-\udbff]$/, '');
  return { bytes: bytes.length, text: cut, truncated: true };
}

/** A mapped IPv4 address becomes the IPv4 address that it stands for. */
export function plain(address: string | undefined, port: number | undefined): Endpoint {
  return { address: (address ?? '').replace(/^::ffff:(?=\d+\.)/i, ''), port: port ?? 0 };
}
