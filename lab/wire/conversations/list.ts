/**
 * All conversations of a capture, of any protocol: the two ends, the number of frames and bytes, and how each ended. Each
 * TCP connection is one; datagrams between the same two ends are one. An ICMP error belongs to the conversation of the
 * packet that it is about, and a later fragment to that of its packet.
 */
import { cardsOf } from '../cards.ts';
import type { Frame, IcmpQuote } from '../frame.ts';
import { NEIGHBOUR_ADVERTISEMENT, NEIGHBOUR_SOLICITATION } from '../icmpv6.ts';
import { protocolWord, TCP, UDP } from '../protocols.ts';
import type { SeenFrame } from '../timeline.ts';
import type { Followed } from './follow.ts';
import { piecesOf } from './fragments.ts';
import type { Listed, ListedEnd } from './listed.ts';
import { outcomeOf } from './outcome.ts';

/** The frames must be in order of time; `followed` is of the same frames. */
export function listConversations(frames: readonly SeenFrame[], followed: Followed): Listed[] {
  const all: Listed[] = [];
  const byKey = new Map<string, Listed>();
  const firstPieces = new Map<SeenFrame, SeenFrame>();
  for (const { all: pieces, first } of piecesOf(frames))
    for (const piece of first ? pieces : []) firstPieces.set(piece, first!);
  for (const seen of frames) {
    const whole = firstPieces.get(seen) ?? seen;
    const { protocol, ends, key } = placeOf(whole, followed, byKey);
    let found = byKey.get(key);
    if (!found) {
      found = { number: all.length + 1, protocol, ends, frames: [], bytes: 0, ended: '' };
      all.push(found);
      byKey.set(key, found);
    }
    found.frames.push(seen);
    found.bytes += seen.frame.length;
    // An ICMP error is about the last connection between its ends.
    if (protocol === 'tcp') byKey.set(keyOf('tcp', ends), found);
  }
  for (const one of all) one.ended = outcomeOf(one, followed);
  return all;
}

interface Grouping {
  protocol: string;
  ends: [ListedEnd, ListedEnd];
  key: string;
}

function placeOf(seen: SeenFrame, followed: Followed, known: ReadonlyMap<string, Listed>): Grouping {
  const { frame } = seen;
  const about = frame.icmp?.about ?? frame.icmpv6?.about;
  const meant = about && aboutOf(about, known);
  if (meant) return meant;
  const protocol = protocolOf(frame);
  const ends = endsOf(frame);
  const connection = followed.of(seen)?.conversation.number;
  if (connection !== undefined) return { protocol, ends, key: `connection ${connection}` };
  const echo = frame.icmp?.identifier ?? frame.icmpv6?.identifier;
  return { protocol, ends, key: `${keyOf(protocol, ends)} ${echo ?? ''}`.trimEnd() };
}

/** The conversation that an ICMP error is about, where it was seen. */
function aboutOf(about: IcmpQuote, known: ReadonlyMap<string, Listed>): Grouping | undefined {
  const { source, destination, sourcePort, destinationPort } = about;
  const protocol = about.protocol === TCP ? 'tcp' : about.protocol === UDP ? 'udp' : undefined;
  if (protocol === undefined || sourcePort === undefined || destinationPort === undefined) return undefined;
  const ends: [ListedEnd, ListedEnd] = [
    { address: source, port: sourcePort },
    { address: destination, port: destinationPort },
  ];
  const key = keyOf(protocol, ends);
  return known.has(key) ? { protocol, ends, key } : undefined;
}

function keyOf(protocol: string, ends: readonly ListedEnd[]): string {
  const texts = ends.map(({ address, port }) => `${address} ${port ?? ''}`);
  return `${protocol} ${texts.sort().join(' ')}`;
}

function protocolOf({ tcp, udp, icmp, icmpv6, arp, ip, links, ethernet }: Frame): string {
  const layer = tcp ?? udp ?? icmp ?? icmpv6 ?? arp;
  if (layer) return layer.kind;
  if (ip) return protocolWord(ip.protocol);
  return links.at(-1)?.kind ?? ethernet?.kind ?? 'link';
}

function endsOf(frame: Frame): [ListedEnd, ListedEnd] {
  const { ip, arp, icmpv6 } = frame;
  if (arp) return [{ address: arp.senderAddress }, { address: arp.targetAddress }];
  if (!ip) {
    const { source, destination } = cardsOf(frame);
    return [{ address: source ?? '*' }, { address: destination ?? '*' }];
  }
  const ports = frame.tcp ?? frame.udp;
  if (ports) {
    return [
      { address: ip.source, port: ports.sourcePort },
      { address: ip.destination, port: ports.destinationPort },
    ];
  }
  // Neighbour discovery is between the sender and the target, as ARP is.
  const target = icmpv6?.target;
  if (target !== undefined && icmpv6?.type === NEIGHBOUR_SOLICITATION)
    return [{ address: ip.source }, { address: target }];
  if (target !== undefined && icmpv6?.type === NEIGHBOUR_ADVERTISEMENT)
    return [{ address: target }, { address: ip.destination }];
  return [{ address: ip.source }, { address: ip.destination }];
}
