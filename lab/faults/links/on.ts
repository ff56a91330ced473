/** Where a fault of a link stands: `on:` as it is written, and the cables and directions that it means. */
import type { Matching } from '../../agent/protocol.ts';
import type { PlannedInterface } from '../../model/planned.ts';
import { reading, show, Wrong } from '../../model/reading.ts';
import type { Host } from '../../model/types.ts';
import { NAME } from '../../scenario/values/values.ts';
import type { Objection, Reference } from '../../scenario/vocabulary.ts';

/** A cable is written as `alice`, for all of her cables, or as `alice.lan`. */
export type On =
  | { kind: 'cable'; cable: string; direction: 'both' | 'out' | 'in' }
  /** Frames that the hosts of a network send. */
  | { kind: 'network'; network: string }
  /** Frames between hosts on one network. */
  | { kind: 'hosts'; from: string[]; to: string[]; ways: 'both' | 'one' };

/** One direction of one cable, and whose frames there. */
export interface Place extends Pick<Matching, 'peers' | 'from' | 'to'> {
  host: string;
  card: string;
  direction: 'out' | 'in';
}

const FORMS =
  'write alice, alice.lan, [alice, bob], { from: alice, to: bob }, { out: alice }, { in: alice } or { network: lan }';

export const on = reading(readOn, {
  title: 'on',
  anyOf: [
    { type: 'string' },
    { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
    { type: 'object' },
  ],
  description: 'A cable, one direction of it, two hosts, or a network.',
});

function readOn(input: unknown): On | Wrong {
  if (isCable(input)) return { kind: 'cable', cable: input, direction: 'both' };
  if (Array.isArray(input)) {
    const [one, other, ...more] = input as unknown[];
    if (isName(one) && isName(other) && more.length === 0 && one !== other)
      return { kind: 'hosts', from: [one], to: [other], ways: 'both' };
    return new Wrong('a list of two different hosts is expected', FORMS);
  }
  if (typeof input === 'object' && input !== null) {
    const keys = Object.keys(input).sort().join(' ');
    const { out, in: inward, network, from, to } = input as Record<string, unknown>;
    if (keys === 'out' && isCable(out)) return { kind: 'cable', cable: out, direction: 'out' };
    if (keys === 'in' && isCable(inward)) return { kind: 'cable', cable: inward, direction: 'in' };
    if (keys === 'network' && isName(network)) return { kind: 'network', network };
    const [senders, receivers] = [from, to].map((side) => [side].flat());
    if (keys === 'from to' && [...senders!, ...receivers!].every(isName))
      return { kind: 'hosts', from: senders as string[], to: receivers as string[], ways: 'one' };
  }
  return new Wrong(`${show(input)} is no place for this fault`, FORMS);
}

function isName(input: unknown): input is string {
  return typeof input === 'string' && NAME.test(input);
}

function isCable(input: unknown): input is string {
  return typeof input === 'string' && input.split('.').length <= 2 && input.split('.').every(isName);
}

export function onReferences(where: On): Reference[] {
  if (where.kind === 'cable') {
    const path = where.direction === 'both' ? ['on'] : ['on', where.direction];
    return [{ path, is: 'cable', value: where.cable }];
  }
  if (where.kind === 'network') return [];
  const both = where.ways === 'both';
  const side = (names: string[], key: string, index: number) =>
    names.map(
      (value, at): Reference => ({
        path: both ? ['on', index] : names.length > 1 ? ['on', key, at] : ['on', key],
        is: 'host',
        value,
      }),
    );
  return [...side(where.from, 'from', 0), ...side(where.to, 'to', 1)];
}

/** Mistakes that names alone do not show: a network that does not exist, hosts that share none. */
export function onObjections(where: On, hosts: ReadonlyMap<string, Host>): Objection[] {
  const networksOf = (name: string) => hosts.get(name)?.networks.map(({ network }) => network) ?? [];
  if (where.kind === 'network') {
    const all = [...new Set([...hosts.keys()].flatMap(networksOf))];
    if (all.includes(where.network)) return [];
    return [
      {
        path: ['on', 'network'],
        message: `no host is on a network \`${where.network}\``,
        hint: `there are ${all.join(', ')}`,
      },
    ];
  }
  if (where.kind !== 'hosts') return [];
  const shared = where.from.some((one) =>
    where.to.some((other) => networksOf(one).some((network) => networksOf(other).includes(network))),
  );
  if (shared) return [];
  const [one, other] = [where.from.join(', '), where.to.join(', ')];
  return [
    {
      path: ['on'],
      message: `\`${one}\` shares no network with \`${other}\``,
      hint: 'name two hosts on one network, or the cable of one of them',
    },
  ];
}

/** The source from which places are worked out. */
interface Stations {
  name: string;
  interfaces: readonly Pick<PlannedInterface, 'name' | 'network' | 'mac'>[];
}

/** The places as a scenario knows them: cards are networks, and peers are hosts. */
export function placesIn(where: On, hosts: ReadonlyMap<string, Host>): Place[] {
  const stations = [...hosts.values()].map(({ name: mac, networks }) => ({
    name: mac,
    interfaces: networks.map(({ network }) => ({ name: network, network, mac })),
  }));
  return placesOf(where, stations);
}

/** Each frame is met once between two hosts, or once on each cable that is named. */
export function placesOf(where: On, hosts: readonly Stations[]): Place[] {
  if (where.kind === 'network')
    return cardsOf(hosts, (network) => network === where.network).map((card) => ({
      ...card,
      direction: 'out',
    }));
  if (where.kind === 'cable') {
    const [host, network] = where.cable.split('.');
    const cards = cardsOf(
      hosts.filter(({ name }) => name === host),
      (one) => network === undefined || one === network,
    );
    const directions = where.direction === 'both' ? (['out', 'in'] as const) : [where.direction];
    return cards.flatMap((card) => directions.map((direction) => ({ ...card, direction })));
  }
  const there = between(hosts, where.from, where.to);
  return where.ways === 'both' ? [...there, ...between(hosts, where.to, where.from)] : there;
}

/** At the receivers: what comes from the senders' cards. */
export function between(hosts: readonly Stations[], from: readonly string[], to: readonly string[]): Place[] {
  const senders = hosts.filter(({ name }) => from.includes(name)).flatMap(({ interfaces }) => interfaces);
  return hosts
    .filter(({ name }) => to.includes(name))
    .flatMap(({ name: host, interfaces }) =>
      interfaces.flatMap(({ name: card, network }): Place[] => {
        const peers = senders.filter((one) => one.network === network).map(({ mac }) => mac.toLowerCase());
        return peers.length > 0 ? [{ host, card, direction: 'in', peers }] : [];
      }),
    );
}

function cardsOf(
  hosts: readonly Stations[],
  wanted: (network: string) => boolean,
): { host: string; card: string }[] {
  return hosts.flatMap(({ name: host, interfaces }) =>
    interfaces.filter(({ network }) => wanted(network)).map(({ name: card }) => ({ host, card })),
  );
}

/** `alice`, `alice – bob`, `alice > bob`, `what alice sends` */
export function printOn(where: On): string {
  if (where.kind === 'network') return `frames sent on ${where.network}`;
  if (where.kind === 'hosts')
    return `${where.from.join(', ')} ${where.ways === 'both' ? '–' : '>'} ${where.to.join(', ')}`;
  if (where.direction === 'both') return where.cable;
  return where.direction === 'out' ? `frames from ${where.cable}` : `frames to ${where.cable}`;
}
