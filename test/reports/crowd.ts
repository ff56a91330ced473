/** A ladder of many hosts, each with a connection to the first: addresses of Ethernet, no names. */

import type { Captured } from '../../lab/wire/frame.ts';
import { storyOfCapture } from '../../lab/wire/ladder/file.ts';
import type { Ladder } from '../../lab/wire/ladder/ladder.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { encodeFrame } from '../wire/encode/frame.ts';

const macOf = (host: number) => `02:00:00:00:00:${(host + 1).toString(16).padStart(2, '0')}`;
const addressOf = (host: number) => `192.168.100.${100 + host}`;

/** Host 0 is 192.168.100.100, which the others ask at its port 8080. */
export function crowd(hosts: number): Ladder {
  const frames: Captured[] = [];
  const add = (
    from: number,
    to: number,
    flags: number,
    [sequence, acknowledgement]: [number, number],
    text = '',
  ) => {
    const client = 40_000 + Math.max(from, to);
    const [sourcePort, destinationPort] = to === 0 ? [client, 8080] : [8080, client];
    const bytes = encodeFrame({
      ethernet: { source: macOf(from), destination: macOf(to) },
      ipv4: { source: addressOf(from), destination: addressOf(to) },
      tcp: { sourcePort, destinationPort, flags, sequence, acknowledgement },
      payload: Buffer.from(text),
    });
    const nanoseconds = frames.length * 137_000;
    frames.push({ seconds: 1_700_000_000, nanoseconds, bytes, length: bytes.length, card: 0 });
  };
  for (let host = 1; host < hosts; host += 1) {
    // Numbers of their own, or they would be one connection on two sides of a NAT.
    const [mine, theirs] = [1000 * host, 700_000 + 1000 * host];
    add(host, 0, 2, [mine, 0]);
    add(0, host, 18, [theirs, mine + 1]);
    add(host, 0, 16, [mine + 1, theirs + 1]);
    add(host, 0, 24, [mine + 1, theirs + 1], 'GET / HTTP/1.1');
    add(0, host, 16, [theirs + 1, mine + 15]);
  }
  const story = storyOfCapture({
    frames,
    cards: [{ linkType: LINK.ethernet, snapLength: 0 }],
    names: new Map(),
  });
  return story.ladder(story.frames, frames.length);
}
