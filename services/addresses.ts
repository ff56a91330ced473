/** The addresses that a program must be bound to, worked out from the host's interfaces. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;
export type Family = 4 | 6;

/** One address a UDP program must have a socket on. */
export interface Place {
  readonly family: Family;
  /** As `bind` takes it: a link-local address carries its scope, `fe80::1%eth0`. */
  readonly address: string;
  readonly kind: 'unicast' | 'broadcast' | 'group';
  /** Asked for by name (`HOST`), so it must be there; others may come and go. */
  readonly named: boolean;
  /** `unicast`: its interface and network, for choosing the reply's source address. */
  readonly interface?: string;
  readonly prefix?: number;
  readonly internal?: boolean;
  /** `group`: the interfaces to join on, as `addMembership` takes them. */
  readonly joins?: readonly string[];
}

/** An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) as the IPv4 address it is; others unchanged. */
export function unmapped(address: string): string {
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return four !== undefined && isIPv4(four) ? four : address;
}

/** The directed broadcast address of `address`/`prefix`; none for /31 and /32 (RFC 3021). */
export function broadcastAddress(address: string, prefix: number): string | undefined {
  if (prefix > 30) return undefined;
  const value = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - prefix);
  const last = Math.floor(value / size) * size + size - 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}

/** The sockets that `hosts` asks for: `::` is every address of both families, `0.0.0.0` every IPv4 one. */
export function places(interfaces: Interfaces, hosts: readonly string[], groups: readonly string[]): Place[] {
  const found = new Map<string, Place>();
  const add = (place: Place): unknown =>
    found.has(place.address) ? undefined : found.set(place.address, place);
  for (const host of hosts.map(unmapped)) {
    if (host === '::' || host === '0.0.0.0') {
      for (const place of everywhere(interfaces, host === '::', groups)) add(place);
    } else {
      add({ family: isIPv6(host) ? 6 : 4, address: host, kind: 'unicast', named: true });
    }
  }
  return [...found.values()];
}

/**
 * The place in `own` that answers a datagram to `asked`: `asked` itself when it is a unicast address. Else it is the host's
 * own address on the network of the peer or of the broadcast (RFC 1122, 3.2.1.3: never from a broadcast).
 */
export function replyPlace(own: readonly Place[], asked: Place, peer: string): Place | undefined {
  if (asked.kind === 'unicast') return asked;
  const scope = /%(.+)$/.exec(asked.address)?.[1] ?? /%(.+)$/.exec(peer)?.[1];
  const fitting = own.filter(
    (place) =>
      place.kind === 'unicast' &&
      place.family === asked.family &&
      // A datagram that came by one link is answered on that link or not at all.
      (scope === undefined || place.interface === scope),
  );
  return (
    fitting.find((place) => place.address === peer) ??
    fitting.find((place) => contains(place, peer)) ??
    fitting.find((place) => asked.kind === 'broadcast' && broadcastOf(place) === asked.address) ??
    fitting.find((place) => place.internal !== true) ??
    fitting[0]
  );
}

function everywhere(interfaces: Interfaces, both: boolean, groups: readonly string[]): Place[] {
  const own = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos.filter((info) => both || info.family === 'IPv4').map((info) => unicast(name, info)),
  );
  const broadcasts = own.flatMap((place) => broadcastOf(place) ?? []);
  // A socket bound to 255.255.255.255 is the only kind without a wildcard that hears the limited broadcast.
  const heard = [...broadcasts, '255.255.255.255'];
  return [
    ...own,
    ...heard.map((address): Place => ({ family: 4, address, kind: 'broadcast', named: false })),
    ...groups.flatMap((group) => groupPlaces(own, group)),
  ];
}

function unicast(name: string, info: NetworkInterfaceInfo): Place {
  const scoped = info.family === 'IPv6' && info.scopeid !== 0;
  return {
    family: info.family === 'IPv6' ? 6 : 4,
    address: scoped ? `${info.address}%${name}` : info.address,
    kind: 'unicast',
    named: false,
    interface: name,
    prefix: Number(info.cidr?.split('/')[1] ?? (info.family === 'IPv6' ? 128 : 32)),
    internal: info.internal,
  };
}

function broadcastOf(place: Place): string | undefined {
  if (place.family !== 4 || place.internal === true || place.prefix === undefined) return undefined;
  return broadcastAddress(place.address, place.prefix);
}

function groupPlaces(own: readonly Place[], group: string): Place[] {
  const common = { address: group, kind: 'group', named: false } as const;
  if (!isIPv6(group)) {
    const joins = own.filter((place) => place.family === 4).map((place) => place.address);
    return [{ ...common, family: 4, joins }];
  }
  const names = [...new Set(own.filter((place) => place.family === 6).map((place) => place.interface ?? ''))];
  // A group of interface or link scope is another group on each interface, so it takes a socket on each.
  if (!/^ff.[12]:/i.test(group)) return [{ ...common, family: 6, joins: names.map((name) => `::%${name}`) }];
  return names.map((name) => ({ ...common, family: 6, address: `${group}%${name}`, joins: [`::%${name}`] }));
}

function contains(place: Place, peer: string): boolean {
  if (place.prefix === undefined) return false;
  const network = new BlockList();
  const type = place.family === 4 ? 'ipv4' : 'ipv6';
  network.addSubnet(bare(place.address), place.prefix, type);
  return network.check(bare(peer), type);
}

function bare(address: string): string {
  return address.replace(/%.*$/, '');
}
