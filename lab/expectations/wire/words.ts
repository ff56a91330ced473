/** Frames in the words of a report: numbers, lines, times, and what one of them means. */
import { showTime } from '../../outcomes/show.ts';
import type { IcmpQuote } from '../../wire/frame.ts';
import type { Scope } from '../../wire/lines/condition.ts';
import { lineOf, protocolOf } from '../../wire/lines/line-of-frame.ts';
import { showMessage } from '../../wire/lines/messages.ts';
import { nameOfAddress } from '../../wire/lines/parties.ts';
import { printLine } from '../../wire/lines/print.ts';
import { ACK, RST, SYN } from '../../wire/tcp.ts';
import type { Card, SeenFrame } from '../../wire/timeline.ts';

const ICMP_PORT = { icmp: [3, 3], icmpv6: [1, 4] } as const;

/** `` frame 4 `tcp echo:9999 > alice:40000 RST+ACK` `` */
export function showFrame(seen: SeenFrame, { cards }: Scope): string {
  return `frame ${seen.number} \`${printLine(lineOf(seen.frame, cards))}\``;
}

/** `frame 3`, `frames 3, 5 and 8`; of many the first ones and how many more. */
export function showNumbers(frames: readonly SeenFrame[], most = 8): string {
  const numbers = frames.slice(0, most).map(({ number }) => number);
  const [last, ...before] = numbers.toReversed();
  if (frames.length === 1) return `frame ${last}`;
  if (frames.length > most) return `frames ${numbers.join(', ')} and ${frames.length - most} more`;
  return `frames ${before.toReversed().join(', ')} and ${last}`;
}

/** `it saw 5 frames: 2 arp, 3 tcp` */
export function showKinds(frames: readonly SeenFrame[]): string {
  if (frames.length === 0) return 'it saw no frame at all';
  const kinds = Map.groupBy(frames, ({ frame }) => protocolOf(frame));
  const counts = [...kinds].map(
    ([protocol, some]) => `${some.length} ${protocol === 'frame' ? 'other' : protocol}`,
  );
  return `it saw ${frames.length === 1 ? '1 frame' : `${frames.length} frames`}: ${counts.join(', ')}`;
}

/** `12 ms after the step began`; `began` is in milliseconds since the Unix epoch. */
export function showWhen(seen: SeenFrame, host: string, began: number): string {
  const sighting = seen.sightings.find(({ card }) => card.host === host) ?? seen.sightings[0]!;
  const after = sighting.seconds * 1000 - began + sighting.nanoseconds / 1e6;
  return after < 0 ? 'just before the step began' : `${showTime(after)} after the step began`;
}

/** The meaning of a frame. `refusal`: no program has the port that was asked for. */
export interface Meaning {
  says: string;
  refusal?: true;
}

/**
 * The meaning of an answer that refuses, for readers who do not know it by heart; undefined for every other frame.
 */
export function meaningOf({ frame }: SeenFrame, cards: readonly Card[]): Meaning | undefined {
  const name = (address: string) => nameOfAddress(address, cards);
  const { tcp, ip } = frame;
  if (tcp && ip && (tcp.flags & RST) !== 0) {
    const who = name(ip.source);
    if ((tcp.flags & (ACK | SYN)) === ACK && tcp.sequence === 0) {
      const says = `RST+ACK in answer to a SYN: nothing listens on port ${tcp.sourcePort} of ${who}`;
      return { says, refusal: true };
    }
    return { says: `RST: ${who} knows of no such connection, or has thrown it away` };
  }
  const icmp = frame.icmp ?? frame.icmpv6;
  if (!icmp?.about || !ip) return undefined;
  const [type, code] = ICMP_PORT[icmp.kind];
  const { destination, destinationPort } = icmp.about;
  if (icmp.type !== type || icmp.code !== code || destinationPort === undefined) {
    return {
      says: `${showMessage(icmp)}: ${name(ip.source)} says it of what was sent to ${name(destination)}`,
    };
  }
  const says = `port-unreachable: nothing on ${name(destination)} has UDP port ${destinationPort} open`;
  return { says, refusal: true };
}

/** The packet that an ICMP error is about. */
export function aboutOf({ frame }: SeenFrame): IcmpQuote | undefined {
  return frame.icmp?.about ?? frame.icmpv6?.about;
}
