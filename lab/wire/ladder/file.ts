/**
 * A ladder of a capture file. One that lanlab wrote names its cards, so what left a host and never came to another is
 * seen; of any other file only the frames are known, and whose they are is worked out from them.
 */
import { isGroupMac } from '../address.ts';
import type { CaptureCard } from '../files/capture-format.ts';
import type { Captured, Frame } from '../frame.ts';
import { Timeline } from '../merge.ts';
import type { Names } from '../names.ts';
import { printFrame } from '../print.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import type { Ladder } from './ladder.ts';
import { type Ends, endsByCards, type FindEnds, namesOf, type Party } from './lanes.ts';
import { makeLadder } from './make.ts';
import { tcpViews } from './tcp.ts';

export interface CaptureContent {
  frames: readonly Captured[];
  cards: readonly CaptureCard[];
  /** Literal address → name, as the file has them. */
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
  const ladder = makeLadder(frames, {
    parties,
    ends: ours ? endsByCards(parties, cards) : endsByMacs(parties),
    print: ({ frame }) => printFrame(frame, names),
    tcp: ours ? tcpViews(frames, cards) : tcpViews(frames),
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

/** Which addresses and cards are one host's. */
function partiesOf(
  frames: readonly SeenFrame[],
  names: ReadonlyMap<string, string>,
  cards: readonly Card[],
): Party[] {
  const parties = new Map<string, { macs: Set<string>; addresses: Set<string> }>();
  const party = (name: string) => {
    const known = parties.get(name) ?? { macs: new Set(), addresses: new Set() };
    parties.set(name, known);
    return known;
  };
  for (const { host, mac } of cards) party(host).macs.add(mac);
  const called = (address: string) => names.get(address) ?? address;
  const spoken = new Spoken();
  for (const { frame } of frames) spoken.take(frame, called);
  const owned = new Set(cards.map(({ mac }) => mac));
  for (const [mac, name] of spoken.owners()) if (!owned.has(mac)) party(name).macs.add(mac);
  for (const address of spoken.addresses) party(called(address)).addresses.add(address);
  const order = [...new Set(frames.map(({ frame }) => frame.ethernet?.source ?? ''))];
  const turn = (macs: readonly string[]) =>
    Math.min(...macs.map((mac) => order.indexOf(mac)).filter((at) => at >= 0), order.length);
  const all = [...parties].map(([name, { macs, addresses }]) => ({
    name,
    macs: [...macs],
    addresses: [...addresses],
  }));
  // Whoever speaks first stands on the left.
  return all.sort((a, b) => turn(a.macs) - turn(b.macs));
}

/** Who a MAC address belongs to, by what it says of itself, or by the one host that it speaks or is spoken to for. */
class Spoken {
  readonly addresses = new Set<string>();
  readonly #claimed = new Map<string, string>();
  readonly #carried = new Map<string, Set<string>>();

  take({ arp, ip, ethernet }: Frame, called: (address: string) => string): void {
    if (arp && arp.senderAddress !== '0.0.0.0') {
      this.addresses.add(arp.senderAddress);
      this.#claimed.set(arp.senderMac, called(arp.senderAddress));
    }
    if (!ip || !ethernet) return;
    this.#carry(ethernet.source, ip.source, called);
    if (!isGroupMac(ethernet.destination)) this.#carry(ethernet.destination, ip.destination, called);
  }

  #carry(mac: string, address: string, called: (address: string) => string): void {
    if (address === '0.0.0.0' || address === '::') return;
    this.addresses.add(address);
    const names = this.#carried.get(mac) ?? new Set();
    this.#carried.set(mac, names.add(called(address)));
  }

  /** One that carries for several and never said who it is, a router, goes by its own address. */
  owners(): Map<string, string> {
    const owners = new Map(this.#claimed);
    for (const [mac, names] of this.#carried) {
      if (!owners.has(mac)) owners.set(mac, names.size === 1 ? [...names][0]! : mac);
    }
    return owners;
  }
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
