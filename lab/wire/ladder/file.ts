/**
 * A ladder of a capture file. One that lanlab wrote names its cards, so what left a host and never came to another is
 * seen; of any other file only the frames are known, and whose they are is worked out from them.
 */
import { isGroupMac } from '../address.ts';
import { type CaptureCard, INCOMPLETE } from '../files/capture-format.ts';
import type { Captured } from '../frame.ts';
import { Timeline } from '../merge.ts';
import type { Names } from '../names.ts';
import { printFrame } from '../print.ts';
import type { Card } from '../timeline.ts';
import type { Ladder } from './ladder.ts';
import { type Ends, endsByCards, type FindEnds, namesOf, type Party } from './lanes.ts';
import { makeLadder } from './make.ts';
import { partiesOf } from './owners.ts';
import { tcpViews } from './tcp.ts';

export interface CaptureContent {
  frames: readonly Captured[];
  cards: readonly CaptureCard[];
  /** Literal address or MAC → name, as the file has them. */
  names: ReadonlyMap<string, string>;
}

export interface CaptureLadder {
  ladder: Ladder;
  names: Names;
}

/** Draws the first `most` frames; those behind are counted. */
export function ladderOfCapture(content: CaptureContent, most: number): CaptureLadder {
  const cards = content.cards.map(cardOf);
  const timeline = new Timeline();
  for (const captured of content.frames) timeline.add(cards[captured.card]!, captured);
  const frames = timeline.frames();
  const ours = cards.length > 0 && cards.every(({ mac }) => mac !== '');
  const parties = partiesOf(frames, content.names, ours ? cards : []);
  const names = namesOf(parties);
  // A card's host is watched at all of its addresses: what is for one may come by the card of another.
  for (const card of ours ? cards : [])
    card.addresses.push(...(parties.find(({ name }) => name === card.host)?.addresses ?? []));
  // What a capture that lost frames does not have may have been there.
  const whole = cards.filter((_, index) => !content.cards[index]!.comment?.startsWith(INCOMPLETE));
  const ladder = makeLadder(frames, {
    parties,
    ends: ours ? endsByCards(parties, whole, frames) : endsByMacs(parties),
    print: ({ frame }) => printFrame(frame, names),
    tcp: ours ? tcpViews(frames, whole) : tcpViews(frames),
    most,
  });
  return { ladder, names };
}

/** lanlab names a card `alice eth0` and says `alice on office` of it. */
function cardOf({ name = '', description = '', mac = '' }: CaptureCard, index: number): Card {
  const named = /^(?<host>\S+) (?<card>\S+)$/.exec(name)?.groups;
  const on = /^(?<host>\S+) on (?<network>\S+)$/.exec(description)?.groups;
  if (!named || !on || named.host !== on.host || mac === '') {
    return { host: '', name, mac: '', network: `card ${index}`, addresses: [] };
  }
  return { host: on.host!, name: named.card!, mac, network: on.network!, addresses: [] };
}

/** What the file does not show leaving has come to whom it was sent: somebody saw it on its way there. */
function endsByMacs(parties: readonly Party[]): FindEnds {
  const owners = new Map(parties.flatMap(({ name, macs }) => macs.map((mac) => [mac, name] as const)));
  const hosts = new Map(
    parties.flatMap(({ name, addresses }) => addresses.map((one) => [one, name] as const)),
  );
  return ({ frame: { ethernet, arp }, sightings }): Ends => {
    const came = sightings.every(({ way }) => way === 'out') ? 'unseen' : 'arrived';
    const source = ethernet?.source ?? 'nobody';
    const from = owners.get(source) ?? source;
    if (ethernet && !isGroupMac(ethernet.destination)) {
      return { from, to: [owners.get(ethernet.destination) ?? ethernet.destination], fate: came };
    }
    const asked = arp && hosts.get(arp.targetAddress);
    const heard = asked !== undefined && asked !== from;
    return { from, to: heard ? [asked] : [], fate: heard ? 'arrived' : 'unheard' };
  };
}
