/** The reason why nothing that one host sends reaches another, in words for a scenario's author. */
import { FAMILIES, type Family, printFamily } from '../../model/address.ts';
import { type Families, familiesAt, hostsOf, networksIn, type WaysByFamily } from '../../model/families.ts';
import type { Host } from '../../model/types.ts';
import { networksOf, type Ways } from '../../model/ways.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import type { KnownNetwork } from '../vocabulary.ts';

/** The facts about who reaches whom. */
export interface Around {
  hosts: ReadonlyMap<string, Host>;
  families: Families;
  ways: WaysByFamily;
  known: readonly KnownNetwork[];
}

const LITERAL = 'to see that it cannot be reached write its address';

/**
 * Undefined where something reaches the peer. `networks` are those on which the peer may be met; `family` is the only one to
 * try.
 */
export function noWay(
  at: Host,
  peer: Host,
  networks: readonly string[],
  around: Around,
  family?: Family,
): Dangling | undefined {
  const { families, ways } = around;
  const asked = family ? [family] : FAMILIES;
  const reached = asked.some((one) =>
    networksIn(one, networks, families).some((network) => ways[one].routers(at.name, network) !== undefined),
  );
  if (reached) return undefined;
  const [ours, theirs] = [familiesAt(at, families), asked.filter((one) => meets(one, networks, families))];
  const common = theirs.find((one) => ours.includes(one));
  if (common) return noWayBy(common, at, peer, networks, around, family !== undefined);
  return family ? lacks(family, ours.includes(family) ? peer : at) : strangers(at, peer, ours, theirs);
}

function meets(family: Family, networks: readonly string[], families: Families): boolean {
  return networksIn(family, networks, families).length > 0;
}

/** The host has no address of a family. */
export function lacks(family: Family, host: Host): Dangling {
  const message = `\`${host.name}\` (${networksOf(host).join(', ')}) has no ${printFamily(family)}`;
  return { message, hint: `give one of its networks a subnet of that family; ${LITERAL}` };
}

/** The two hosts have no family in common. */
function strangers(at: Host, peer: Host, ours: readonly Family[], theirs: readonly Family[]): Dangling {
  const words = (families: readonly Family[]) => families.map(printFamily).join(' and ');
  const message = `\`${at.name}\` has ${words(ours)} alone and \`${peer.name}\` ${words(theirs)}`;
  return { message, hint: `give a network of either both families; ${LITERAL}` };
}

function noWayBy(
  family: Family,
  host: Host,
  peer: Host,
  all: readonly string[],
  { ways, hosts, families }: Around,
  asked: boolean,
): Dangling {
  const byName = new Map(hostsOf(family, [...hosts.values()], families).map((one) => [one.name, one]));
  const at = byName.get(host.name)!;
  const networks = networksIn(family, all, families);
  const ours = networksOf(at);
  const several = [...families.values()].some((some) => some.some(({ family }) => family === 'ipv6'));
  const by = (asked && several) || family === 'ipv6' ? ` by ${printFamily(family)}` : '';
  const message = `\`${at.name}\` (${ours.join(', ')}) has no way to \`${peer.name}\` (${networks.join(', ')})${by}`;
  const written = networks.map((network) => at.towards?.get(network)?.via).find(Boolean);
  if (written !== undefined)
    return {
      message: `${message}: its route by \`${written}\` does not lead there`,
      hint: `name another router; ${LITERAL}`,
    };
  if (at.gateway?.length === 0)
    return { message: `${message}: its gateway is \`none\``, hint: `give it a router; ${LITERAL}` };
  if (at.gateway)
    return { message: `${message}: its gateway does not lead there`, hint: `name another; ${LITERAL}` };
  const between = betweenThem(at, networks, ways[family], byName);
  const hint = between
    ? `\`${between.name}\` is on both sides: write \`forward: true\` at it`
    : `put a host with \`forward: true\` on both`;
  return { message: `${message}: no router joins ${joined(ours, networks)}`, hint: `${hint}; ${LITERAL}` };
}

/** A host that would only have to forward. */
function betweenThem(
  at: Host,
  networks: readonly string[],
  ways: Ways,
  hosts: ReadonlyMap<string, Host>,
): Host | undefined {
  return [...hosts.values()].find(
    (host) =>
      networksOf(host).some((network) => networks.includes(network)) &&
      networksOf(host).some((network) => ways.routers(at.name, network) !== undefined) &&
      host.name !== at.name,
  );
}

/** `office and dmz`, `office or store to dmz` */
function joined(ours: readonly string[], theirs: readonly string[]): string {
  const one = ours.length === 1 && theirs.length === 1;
  return one ? `${ours[0]} and ${theirs[0]}` : `${ours.join(' or ')} to ${theirs.join(' or ')}`;
}
