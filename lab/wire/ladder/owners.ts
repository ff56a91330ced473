/**
 * Which addresses and cards belong to one host, as far as a capture tells. Names in the file count as they are. Of other
 * addresses, a card has those that it claims (ARP, neighbour discovery) or sends from with a hop limit that no router
 * has lowered. An address that only comes by routers' cards is that of a host behind them, never the router's.
 */
import { isGroupAddress, isGroupMac } from '../address.ts';
import { cardsOf } from '../cards.ts';
import type { Frame } from '../frame.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import { claimsOf, NOBODY } from './claims.ts';
import type { Party } from './lanes.ts';

/** The first hop limits of kernels (RFC 1700 recommends 64); 255 is that of neighbour discovery and network devices. */
const BEGINNINGS = [64, 128, 255];
/** The highest hop limit of packets to a group on the link: they begin with one hop, or a few. */
const LINK = 4;

/**
 * In the order of the lanes: the host that sends first stands on the left, a host behind a router beyond the router.
 * `names` has literal addresses and MAC addresses, `cards` the cards that lanlab named. A name that a card has too is
 * a host's. Any other name is a label of an address, and two ends with the same label stay distinct.
 */
export function partiesOf(
  frames: readonly SeenFrame[],
  names: ReadonlyMap<string, string>,
  cards: readonly Card[],
): Party[] {
  const evidence = new Evidence();
  for (const { frame } of frames) evidence.take(frame);
  const labels = new Map([...names, ...cards.map(({ mac, host }) => [mac, host] as const)]);
  const hosts = hostsOf(labels, evidence.pairs);
  const parties = new Parties();
  for (const [address, name] of hosts) parties.add(name, address);
  const own = evidence.owned(hosts);
  for (const mac of evidence.macs) {
    const addresses = own.get(mac) ?? [];
    const name = hosts.get(mac) ?? addresses.map((one) => hosts.get(one)).find((one) => one !== undefined);
    const called = name ?? addresses.toSorted((a, b) => Number(isLocal(a)) - Number(isLocal(b)))[0] ?? mac;
    const rest = addresses.filter((address) => !hosts.has(address));
    parties.add(called, mac, ...rest);
    if (name === undefined) parties.of(called).unnamed = true;
  }
  const near = new Set([...own.values()].flat());
  for (const address of evidence.addresses)
    if (!near.has(address) && !hosts.has(address)) parties.add(address, address);
  return inOrder(labelled(parties.all(), labels, hosts), frames);
}

/** Names that are a host's: a card has the name, and no frame goes from one address with this name to another one. */
function hostsOf(
  labels: ReadonlyMap<string, string>,
  pairs: readonly (readonly [string, string])[],
): Map<string, string> {
  const ofCards = new Set([...labels].flatMap(([address, name]) => (isMac(address) ? [name] : [])));
  for (const [from, to] of pairs) {
    const name = labels.get(from);
    if (name !== undefined && from !== to && labels.get(to) === name) ofCards.delete(name);
  }
  return new Map([...labels].filter(([, name]) => ofCards.has(name)));
}

/** Gives hosts without a name the label of an address, with the address itself where several have this label. */
function labelled(
  parties: readonly Party[],
  labels: ReadonlyMap<string, string>,
  hosts: ReadonlyMap<string, string>,
): Party[] {
  const labelOf = (address: string) => (hosts.has(address) ? undefined : labels.get(address));
  const users = new Map<string, Set<Party>>();
  for (const party of parties) {
    const own = [...party.addresses, ...party.macs].map(labelOf).filter((one) => one !== undefined);
    for (const word of [party.name, ...own]) users.set(word, (users.get(word) ?? new Set()).add(party));
  }
  const distinct = (word: string, address: string) =>
    (users.get(word)?.size ?? 0) > 1 ? `${word} (${address})` : word;
  return parties.map((party) => {
    const all = [...party.addresses, ...party.macs];
    const called = new Map(
      all.flatMap((one): [string, string][] => {
        const word = labelOf(one);
        return word === undefined ? [] : [[one, distinct(word, one)]];
      }),
    );
    const [name] = called.values();
    return name === undefined || hosts.has(all[0] ?? '') ? party : { ...party, name, called };
  });
}

/** The cards and addresses of each host, by the host's name. */
class Parties {
  readonly #parties = new Map<string, { party: Party; has: Set<string> }>();

  of(name: string): Party {
    return this.#entry(name).party;
  }

  add(name: string, ...found: readonly string[]): void {
    const { party, has } = this.#entry(name);
    for (const one of found) {
      if (has.has(one)) continue;
      has.add(one);
      (isMac(one) ? party.macs : party.addresses).push(one);
    }
  }

  all(): Party[] {
    return [...this.#parties.values()].map(({ party }) => party);
  }

  #entry(name: string): { party: Party; has: Set<string> } {
    const known = this.#parties.get(name);
    if (known) return known;
    const entry = { party: { name, macs: [], addresses: [] }, has: new Set<string>() };
    this.#parties.set(name, entry);
    return entry;
  }
}

class Evidence {
  /** Every card, and every address that a packet to or from one host had. */
  readonly macs = new Set<string>();
  readonly addresses = new Set<string>();
  /** Addresses by card: those that it claims, those that it sent from with all hops left, all that it sent from. */
  readonly #claimed = new Sets();
  readonly #whole = new Sets();
  readonly #sent = new Sets();
  /** Addresses by the card to which packets for them were sent. */
  readonly #asked = new Sets();

  /** Pairs of addresses, or of cards, between which a frame went. */
  readonly #pairs = new Sets();

  take(frame: Frame): void {
    const { ip } = frame;
    const { source, destination } = cardsOf(frame);
    if (source !== undefined) this.macs.add(source);
    for (const [mac, address] of claimsOf(frame)) {
      this.addresses.add(address);
      this.macs.add(mac);
      this.#claimed.add(mac, address);
    }
    if (source !== undefined && destination !== undefined) this.#pairs.add(source, destination);
    if (ip) this.#takePacket(frame, ip);
    else if (frame.ethernet === undefined && destination !== undefined && !isGroupMac(destination))
      this.macs.add(destination);
  }

  #takePacket(frame: Frame, ip: NonNullable<Frame['ip']>): void {
    const { source, destination } = cardsOf(frame);
    this.#pairs.add(ip.source, ip.destination);
    if (!NOBODY.includes(ip.source)) {
      this.addresses.add(ip.source);
      if (source !== undefined) {
        this.#sent.add(source, ip.source);
        if (isWhole(frame, destination)) this.#whole.add(source, ip.source);
      }
    }
    if (destination === undefined ? isGroupAddress(ip.destination) : isGroupMac(destination)) return;
    this.addresses.add(ip.destination);
    if (destination === undefined) return;
    this.macs.add(destination);
    this.#asked.add(destination, ip.destination);
  }

  get pairs(): [string, string][] {
    return this.#pairs.all();
  }

  /** Each card's own addresses, except those that the file gives to another host. */
  owned(named: ReadonlyMap<string, string>): Map<string, string[]> {
    const owned = new Map<string, string[]>();
    const taken = new Set<string>();
    const give = (mac: string, address: string) => {
      const isOther = named.has(mac) && named.has(address) && named.get(mac) !== named.get(address);
      if (taken.has(address) || isOther) return;
      taken.add(address);
      const list = owned.get(mac);
      if (list) list.push(address);
      else owned.set(mac, [address]);
    };
    for (const mac of this.macs) for (const address of this.#claims(mac)) give(mac, address);
    for (const mac of this.macs) for (const address of this.#whole.of(mac)) give(mac, address);
    for (const mac of this.macs) {
      const guess = owned.has(mac) || named.has(mac) ? undefined : this.#guess(mac);
      if (guess !== undefined) give(mac, guess);
    }
    return owned;
  }

  /** Without addresses that the card only answers for (proxy ARP, RFC 1027): their packets have come through a router. */
  #claims(mac: string): string[] {
    const claims = this.#claimed.of(mac);
    const passes = (one: string) => this.#sent.has(mac, one) && !this.#whole.has(mac, one);
    return claims.length > 1 ? claims.filter((one) => !passes(one)) : claims;
  }

  /** The address of a card that never sent a packet: most likely the only one for which packets were sent to it. */
  #guess(mac: string): string | undefined {
    const asked = this.#asked.of(mac);
    return asked.length === 1 && this.#sent.of(mac).length === 0 ? asked[0] : undefined;
  }
}

/** Several values for each key, each value once, in order of arrival. */
class Sets {
  readonly #sets = new Map<string, Set<string>>();

  add(key: string, value: string): void {
    const known = this.#sets.get(key);
    if (known) known.add(value);
    else this.#sets.set(key, new Set([value]));
  }

  of(key: string): string[] {
    return [...(this.#sets.get(key) ?? [])];
  }

  has(key: string, value: string): boolean {
    return this.#sets.get(key)?.has(value) ?? false;
  }

  all(): [string, string][] {
    return [...this.#sets].flatMap(([key, values]) =>
      [...values].map((value): [string, string] => [key, value]),
    );
  }
}

/** Whether no router has forwarded the packet: all of its hops are left, or it is for its own link. */
function isWhole({ ipv4, ipv6 }: Frame, destination: string | undefined): boolean {
  const hops = ipv4?.ttl ?? ipv6!.hopLimit;
  if (isLocal(ipv4?.source ?? ipv6!.source) || BEGINNINGS.includes(hops)) return true;
  const toGroup =
    destination === undefined ? isGroupAddress((ipv4 ?? ipv6!).destination) : isGroupMac(destination);
  return toGroup && hops <= LINK;
}

/** Link-local: RFC 3927, RFC 4291 section 2.5.6. */
function isLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/.test(address);
}

function isMac(address: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address);
}

/** Sorts hosts for the lanes. A host without a captured card stands outermost, behind its router. */
function inOrder(parties: Party[], frames: readonly SeenFrame[]): Party[] {
  const spoke = new Map<string, number>();
  for (const [turn, { frame }] of frames.entries()) {
    for (const one of [cardsOf(frame).source ?? '', frame.ip?.source ?? ''])
      if (!spoke.has(one)) spoke.set(one, turn);
  }
  const first = (all: readonly string[]) =>
    all.reduce((least, one) => Math.min(least, spoke.get(one) ?? frames.length), frames.length);
  const router = frames[0] && cardsOf(frames[0].frame).source;
  const begins = new Set(
    router === undefined
      ? []
      : frames.flatMap(({ frame }) =>
          cardsOf(frame).source === router && frame.ip ? [frame.ip.source] : [],
        ),
  );
  const turnOf = ({ macs, addresses }: Party) => {
    const seen = first(macs);
    if (seen < frames.length) return seen;
    // A host that sent by the card of the first frame is on the far side of this card.
    if (addresses.some((one) => begins.has(one))) return -1;
    // Where no link names cards, the first sender is known by the addresses alone.
    return router === undefined ? first(addresses) : frames.length;
  };
  const turns = new Map(parties.map((party) => [party, turnOf(party)]));
  return parties.sort((a, b) => turns.get(a)! - turns.get(b)!);
}
