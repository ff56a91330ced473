/**
 * A line that no frame of this host met, and one of another host's did. Three things look alike there: it was lost on
 * its way to this host, it came as a router made it, or it was never for this host.
 */
import { isGroupMac } from '../../wire/address.ts';
import { isSamePacket } from '../../wire/forwarded.ts';
import { matches, type Pattern } from '../../wire/lines/match.ts';
import type { Card, SeenFrame } from '../../wire/timeline.ts';
import type { Explained, HostView } from './seen-through.ts';
import { showFrame } from './words.ts';

/** Undefined where no other host saw it, and where this one saw it changed on its way. */
export function elsewhere(pattern: Pattern, seen: HostView): Explained | undefined {
  const { at, everywhere, frames, scope } = seen;
  const cards = scope.cards.filter(({ host }) => host === at);
  const isMine = (mac: string | undefined) => cards.some((card) => card.mac === mac);
  const others = everywhere.filter(
    (one) =>
      !one.sightings.some(({ card }) => card.host === at) &&
      // A frame that a host sent itself does not come to it.
      !isMine(one.frame.ethernet?.source) &&
      matches(pattern, one),
  );
  const lost = others.find((one) => isForOneOf(cards, one));
  if (lost) return { found: `${whereSeen(lost, seen)} and did not reach ${at}` };
  if (others.some((one) => frames.some((mine) => isSamePacket(one.frame, mine.frame)))) return undefined;
  const [other] = others;
  if (!other) return undefined;
  const { ip } = other.frame;
  if (ip && cards.some(({ addresses }) => addresses.includes(ip.destination)))
    return { found: `${whereSeen(other, seen)} and did not reach ${at}` };
  return notForIt(other, seen, cards);
}

/** On the network of one of these cards, for that card or for all. */
function isForOneOf(cards: readonly Card[], { frame, sightings }: SeenFrame): boolean {
  const to = frame.ethernet?.destination;
  if (to === undefined) return false;
  const near = cards.filter(({ network }) => sightings.some(({ card }) => card.network === network));
  return near.some(({ mac }) => mac === to || isGroupMac(to));
}

/** `it left alice (frame 2 …)` */
function whereSeen(one: SeenFrame, { scope }: HostView): string {
  const [{ way, card }] = one.sightings as [SeenFrame['sightings'][number]];
  return `it ${way === 'out' ? 'left' : 'came to'} ${card.host} (${showFrame(one, scope)})`;
}

/** It goes by another card, and that is no loss. */
function notForIt(one: SeenFrame, seen: HostView, cards: readonly Card[]): Explained {
  const { at, scope } = seen;
  const where = whereSeen(one, seen);
  const to = one.frame.ethernet?.destination;
  const network = one.sightings[0]?.card.network;
  if (to === undefined) return { found: `${where} and was not seen at ${at}` };
  if (isGroupMac(to)) return { found: `${where} on ${network}, and ${at} has no card there` };
  const receiver = scope.cards.find(({ mac }) => mac === to);
  const whose = receiver ? `${receiver.host}'s card` : to;
  if (!receiver || !endsAt(receiver, one, scope.cards))
    return { found: `${where}, sent to ${whose}, and was not seen at ${at}` };
  const near = cards.some((card) => card.network === network);
  const why = 'a switch hands a frame to the card that it is sent to, not to the others of its network';
  return { found: `${where}, sent to ${whose}: ${at} is not on its way`, ...(near && { why }) };
}

/** Nobody forwards it: its receiver is on no other network, and has the address that it is for. */
function endsAt({ host, addresses }: Card, { frame }: SeenFrame, cards: readonly Card[]): boolean {
  const networks = new Set(cards.filter((card) => card.host === host).map(({ network }) => network));
  return networks.size === 1 && (!frame.ip || addresses.includes(frame.ip.destination));
}
