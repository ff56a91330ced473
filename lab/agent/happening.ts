/** Events of the agent's own listeners, in the shape that the five programs print. */
import type { Endpoint, HostEvent } from './protocol.ts';

export type Report = (event: HostEvent) => void;

const TEXT = 200;

/** ISO 8601 in UTC with microseconds. */
export function timeStamp(): string {
  const microseconds = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const iso = new Date(Math.floor(microseconds / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(microseconds % 1000).padStart(3, '0')}Z`;
}

export function happening(
  event: string,
  transport: 'tcp' | 'udp',
  local: Endpoint,
  peer: Endpoint,
  extra: Record<string, unknown> = {},
): HostEvent {
  return { time: timeStamp(), event, transport, local, peer, ...extra };
}

/** The facts of a `receive` event: how many bytes, and the first of them as text. */
export function received(bytes: Buffer): { bytes: number; text: string; truncated?: true } {
  const text = bytes.subarray(0, TEXT).toString('utf8');
  return bytes.length > TEXT ? { bytes: bytes.length, text, truncated: true } : { bytes: bytes.length, text };
}

/** A mapped IPv4 address is the IPv4 address it is. */
export function plain(address: string | undefined, port: number | undefined): Endpoint {
  return { address: (address ?? '').replace(/^::ffff:(?=\d+\.)/i, ''), port: port ?? 0 };
}
