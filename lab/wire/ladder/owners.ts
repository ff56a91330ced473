/**
 * Which addresses and cards are one host's, as far as a capture tells. What the file names is taken as it is; of the
 * rest, a card's own addresses are those that it claims (ARP, neighbour discovery) or sends from with a hop limit that
 * no router has taken from. An address that only routers' cards carry is a host's behind them, never the router's.
 */
import { isGroupMac } from '../address.ts';
import type { Frame } from '../frame.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import { claimsOf, NOBODY } from './claims.ts';
import type { Party } from './lanes.ts';

/** What kernels begin with (RFC 1700 recommends 64); 255 is that of neighbour discovery and of network devices. */
const BEGINNINGS = [64, 128, 255];
/** What is sent to a group on the link alone begins with one hop, or a few. */
const LINK = 4;

/**
 * In the order of the lanes: whoever speaks first stands on the left, a host behind a router beyond that.
 * `names` has literal addresses and MAC addresses; `cards` those that lanlab named.
 */
export function partiesOf(
  frames: readonly SeenFrame[],
  names: ReadonlyMap<string, string>,
  cards: readonly Card[],
): Party[] {
  const evidence = new Evidence();
  for (const { frame } of frames) evidence.take(frame);
  const parties = new Parties();
  const named = new Map([...names, ...cards.map(({ mac, host }) => [mac, host] as const)]);
  for (const [address, name] of named) parties.add(name, address);
  const own = evidence.owned(named);
  for (const mac of evidence.macs) {
    const addresses = own.get(mac) ?? [];
    const name = named.get(mac) ?? addresses.map((one) => named.get(one)).find((one) => one !== undefined);
    const called = name ?? addresses.toSorted((a, b) => Number(isLocal(a)) - Number(isLocal(b)))[0] ?? mac;
    const rest = addresses.filter((address) => !named.has(address));
    parties.add(called, mac, ...rest);
    if (name === undefined) parties.of(called).unnamed = true;
  }
  const near = new Set([...own.values()].flat());
  for (const address of evidence.addresses)
    if (!near.has(address) && !named.has(address)) parties.add(address, address);
  return inOrder(parties.all(), frames);
}

/** What one host has, by the host's name. */
class Parties {
  readonly #parties = new Map<string, Party>();

  of(name: string): Party {
    const known = this.#parties.get(name) ?? { name, macs: [], addresses: [] };
    this.#parties.set(name, known);
    return known;
  }

  add(name: string, ...found: readonly string[]): void {
    const { macs, addresses } = this.of(name);
    for (const one of found) {
      const list = isMac(one) ? macs : addresses;
      if (!list.includes(one)) list.push(one);
    }
  }

  all(): Party[] {
    return [...this.#parties.values()];
  }
}

class Evidence {
  /** Every card, and every address that a packet to or from one host had. */
  readonly macs = new Set<string>();
  readonly addresses = new Set<string>();
  /** Addresses by the card that says it has them, that sent from them with all hops left, that sent from them at all. */
  readonly #claimed = new Sets();
  readonly #whole = new Sets();
  readonly #sent = new Sets();
  /** And by the card that they were sent to. */
  readonly #asked = new Sets();

  take(frame: Frame): void {
    const { ip, ethernet } = frame;
    if (ethernet) this.macs.add(ethernet.source);
    for (const [mac, address] of claimsOf(frame)) {
      this.addresses.add(address);
      this.macs.add(mac);
      this.#claimed.add(mac, address);
    }
    if (!ip || !ethernet) return;
    if (!NOBODY.includes(ip.source)) {
      this.addresses.add(ip.source);
      this.#sent.add(ethernet.source, ip.source);
      if (isWhole(frame)) this.#whole.add(ethernet.source, ip.source);
    }
    if (isGroupMac(ethernet.destination)) return;
    this.macs.add(ethernet.destination);
    this.addresses.add(ip.destination);
    this.#asked.add(ethernet.destination, ip.destination);
  }

  /** Each card's own addresses; those that the file names by another host are not asked about. */
  owned(named: ReadonlyMap<string, string>): Map<string, string[]> {
    const owned = new Map<string, string[]>();
    const taken = new Set<string>();
    const give = (mac: string, address: string) => {
      const isOther = named.has(mac) && named.has(address) && named.get(mac) !== named.get(address);
      if (taken.has(address) || isOther) return;
      taken.add(address);
      owned.set(mac, [...(owned.get(mac) ?? []), address]);
    };
    for (const mac of this.macs) for (const address of this.#claims(mac)) give(mac, address);
    for (const mac of this.macs) for (const address of this.#whole.of(mac)) give(mac, address);
    for (const mac of this.macs) {
      const guess = owned.has(mac) || named.has(mac) ? undefined : this.#guess(mac);
      if (guess !== undefined) give(mac, guess);
    }
    return owned;
  }

  /** Without those that it only answers for (proxy ARP, RFC 1027): what comes from there has come through it. */
  #claims(mac: string): string[] {
    const claims = this.#claimed.of(mac);
    const passes = (one: string) => this.#sent.of(mac).includes(one) && !this.#whole.of(mac).includes(one);
    return claims.length > 1 ? claims.filter((one) => !passes(one)) : claims;
  }

  /** A card that never spoke and was only ever asked for one address is most likely that one's. */
  #guess(mac: string): string | undefined {
    const asked = this.#asked.of(mac);
    return asked.length === 1 && this.#sent.of(mac).length === 0 ? asked[0] : undefined;
  }
}

/** Several values a key, each once, in the order in which they came. */
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
}

/** No router has handed it on: all of its hops are left, or it is meant for its own link. */
function isWhole({ ipv4, ipv6, ethernet }: Frame): boolean {
  const hops = ipv4?.ttl ?? ipv6!.hopLimit;
  if (isLocal(ipv4?.source ?? ipv6!.source) || BEGINNINGS.includes(hops)) return true;
  return isGroupMac(ethernet!.destination) && hops <= LINK;
}

/** Link-local: RFC 3927, RFC 4291 section 2.5.6. */
function isLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/.test(address);
}

function isMac(address: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address);
}

/** Those of whom no card was seen stand where their router first spoke for them: outermost. */
function inOrder(parties: Party[], frames: readonly SeenFrame[]): Party[] {
  const spoke = new Map<string, number>();
  for (const [turn, { frame }] of frames.entries()) {
    for (const one of [frame.ethernet?.source ?? '', frame.ip?.source ?? ''])
      if (!spoke.has(one)) spoke.set(one, turn);
  }
  const first = (all: readonly string[]) => Math.min(...all.map((one) => spoke.get(one) ?? frames.length));
  const router = frames[0]?.frame.ethernet?.source;
  const begins = new Set(
    frames.flatMap(({ frame: { ip, ethernet } }) => (ethernet?.source === router && ip ? [ip.source] : [])),
  );
  const turn = ({ macs, addresses }: Party) => {
    const seen = first(macs);
    if (seen < frames.length) return seen;
    // Who spoke by the card that spoke first is on its far side.
    return addresses.some((one) => begins.has(one)) ? -1 : frames.length;
  };
  return parties.sort((a, b) => turn(a) - turn(b));
}
