/** The line of a frame: a scenario would write this line to expect it. */
import type { Frame, Igmp } from '../frame.ts';
import type { Card } from '../timeline.ts';
import { isGroup } from './end.ts';
import { isSent } from './flags.ts';
import type { End, Line, Party, Word } from './line.ts';
import { messageOf } from './messages.ts';
import { isAddressOf, partyOfAddress, partyOfCard } from './parties.ts';

/** A line with the frame's protocol, its ends with their ports, and its word; without fields. */
export function lineOf(frame: Frame, cards: readonly Card[]): Line {
  const protocol = protocolOf(frame);
  const word = wordOf(frame, cards);
  const between = protocol === 'arp' || protocol === 'frame';
  const [source, destination] = between ? cardsOf(frame, cards) : addressesOf(frame, cards);
  return { protocol, source, destination, ...(word && { word }), fields: [] };
}

export function protocolOf(frame: Frame): Line['protocol'] {
  const { arp, ip, icmp, icmpv6, igmp, udp, tcp } = frame;
  return (tcp ?? udp ?? icmp ?? icmpv6 ?? igmp ?? arp)?.kind ?? (ip ? 'ip' : 'frame');
}

function cardsOf({ ethernet }: Frame, cards: readonly Card[]): [End, End] {
  if (!ethernet) return [{ party: { kind: 'any' } }, { party: { kind: 'any' } }];
  const from = partyOfCard(ethernet.source, cards);
  // No card sends from a broadcast address: the frame is broken.
  const source: Party = from.kind === 'broadcast' ? { kind: 'any' } : from;
  return [{ party: source }, { party: partyOfCard(ethernet.destination, cards) }];
}

function addressesOf(frame: Frame, cards: readonly Card[]): [End, End] {
  const { source, destination } = frame.ip!;
  const layer = frame.tcp ?? frame.udp;
  const toAll = isAddressOf({ kind: 'broadcast' }, cards)(destination, frame);
  const to: Party = toAll ? { kind: 'broadcast' } : partyOfAddress(destination, cards);
  return [
    withPort({ party: partyOfAddress(source, cards) }, layer?.sourcePort),
    withPort({ party: to }, layer?.destinationPort),
  ];
}

/** A line cannot have port 0: no socket has this port. */
function withPort(end: End, port: number | undefined): End {
  return port === undefined || port === 0 ? end : { ...end, port };
}

function wordOf({ arp, icmp, icmpv6, igmp, tcp }: Frame, cards: readonly Card[]): Word | undefined {
  if (arp?.operation === 1) return { word: 'who-has', whom: partyOfAddress(arp.targetAddress, cards) };
  if (arp?.operation === 2) return { word: 'is-at', card: partyOfCard(arp.senderMac, cards) };
  if (tcp) return isSent(tcp.flags) ? { word: 'flags', flags: tcp.flags } : undefined;
  if (igmp) return membershipOf(igmp);
  const layer = icmp ?? icmpv6;
  const message = layer && messageOf(layer);
  return message === undefined ? undefined : { word: 'message', message };
}

/** Of several groups the first that it says something of; no line speaks of what is none. */
function membershipOf({ groups }: Igmp): Word | undefined {
  for (const { says, group } of groups) {
    if (says === undefined) continue;
    return isGroup(group) ? { word: says, group: { kind: 'address', address: group } } : { word: says };
  }
  return undefined;
}
