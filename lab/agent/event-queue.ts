/** Events go out unasked; where nobody reads them they must not fill the memory. */
import { type Report, timeStamp } from './listener-events.ts';
import type { HostEvent } from './protocol.ts';

/** Events that wait for the stream to take them. */
const WAITING = 2_000;

/**
 * Sends events one after the other. When `most` of them wait, further events are dropped and counted. An event `dropped` with
 * their `count` then stands where they are missing. `send` resolves when the stream has room again.
 */
export function boundedReport(send: (event: HostEvent) => Promise<unknown>, most = WAITING): Report {
  let waiting = 0;
  let dropped = 0;
  const pass = (event: HostEvent) => {
    waiting += 1;
    // A stream that has ended has nobody to tell.
    send(event).then(sent, sent);
  };
  const sent = () => {
    waiting -= 1;
    // Only when all have been sent, so that the count comes once, not with every event that finds a place.
    if (dropped === 0 || waiting > 0) return;
    const count = dropped;
    dropped = 0;
    pass({ time: timeStamp(), event: 'dropped', count });
  };
  return (event) => {
    if (dropped > 0 || waiting >= most) dropped += 1;
    else pass(event);
  };
}
