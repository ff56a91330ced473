/** The time of an event, which its machine's clock gave, as our clock had it. */
import type { HostEvent } from '../agent/protocol.ts';
import type { HostClock } from '../clocks/clocks.ts';
import { later } from '../wire/stamp.ts';

/** An event whose time is none that can be read stays as it is. */
export function onOurClock(event: HostEvent, clock: HostClock | undefined): HostEvent {
  const milliseconds = Date.parse(event.time);
  if (!clock || Number.isNaN(milliseconds)) return event;
  const fraction = /\.(\d{1,9})/.exec(event.time)?.[1] ?? '';
  const there = { seconds: Math.floor(milliseconds / 1000), nanoseconds: Number(fraction.padEnd(9, '0')) };
  const { seconds, nanoseconds } = later(there, -clock.ahead());
  const whole = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  return { ...event, time: `${whole}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}Z` };
}
