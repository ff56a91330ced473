/** From `echo:9000` to one literal address and port, as one host of a plan sees it. */
import { LabError } from '../errors.ts';
import { type Family, familyOf, printFamily } from '../model/address.ts';
import { parseEndpoint, parseTarget, type Target } from '../model/endpoint.ts';
import { type Owners, ownersOf, walk } from '../model/follow-routes.ts';
import type { Plan, PlannedHost, PlannedInterface } from '../model/planned.ts';
import { Wrong } from '../model/reading.ts';
import { tell } from '../wire/lines/hint.ts';

/**
 * The literal endpoint that a text means at a host. For a peer it has the address on the first network that both share,
 * else on the network behind the fewest routers. The family is the one asked for, else the network's first one. For its
 * own name the host's first address counts, for `broadcast` the broadcast address of its first network of IPv4.
 * Throws LabError (`scenario`) where the text means nothing there.
 */
export function resolveEndpoint(
  plan: Plan,
  atHost: string,
  text: string,
  defaultPort?: number,
  family?: Family,
): { address: string; port: number } {
  const parsed = parseEndpoint(text, defaultPort);
  if (parsed instanceof Wrong) throw new LabError('scenario', parsed.what, { hint: tell(parsed.hint) });
  return { address: literalOf(plan, atHost, parsed.target, family), port: parsed.port };
}

/** The same as resolveEndpoint, for a host, an address or `broadcast` without a port. */
export function resolveAddress(plan: Plan, atHost: string, text: string, family?: Family): string {
  const target = parseTarget(text);
  if (target instanceof Wrong) throw new LabError('scenario', target.what, { hint: tell(target.hint) });
  return literalOf(plan, atHost, target, family);
}

function literalOf(plan: Plan, atHost: string, target: Target, family: Family | undefined): string {
  if (target.kind === 'address') return ofFamily(target.address, family);
  const at = hostOf(plan, atHost);
  if (target.kind === 'broadcast') return broadcastOf(at, family);
  const peer = hostOf(plan, target.host);
  const { network } = target;
  const found = nearestAddress(at, peer, ownersOf(plan.hosts), {
    ...(network !== undefined && { network }),
    ...(family && { family }),
  });
  if (found) return found.address;
  const where = network === undefined ? '' : ` on \`${network}\``;
  const by = family ? ` by ${printFamily(family)}` : '';
  throw new LabError('scenario', `\`${atHost}\` has no way to \`${target.host}\`${where}${by}`, {
    hint: 'join their networks by a router (`forward: true`), or write an address',
  });
}

function ofFamily(address: string, family: Family | undefined): string {
  if (family === undefined || familyOf(address) === family) return address;
  throw new LabError('scenario', `${address} is not an address of ${printFamily(family)}`);
}

function broadcastOf({ name, interfaces }: PlannedHost, family: Family | undefined): string {
  const found = interfaces.flatMap(({ addresses }) => addresses.flatMap(({ broadcast }) => broadcast ?? []));
  if (found[0] !== undefined && family !== 'ipv6') return found[0];
  throw new LabError('scenario', interfaces.length === 0 ? `\`${name}\` is on no network` : NO_BROADCAST);
}

const NO_BROADCAST = 'IPv6 has no broadcast, and neither has a /31 (RFC 3021)';

export interface Wanted {
  network?: string;
  family?: Family;
}

export interface ResolvedAddress {
  address: string;
  card: PlannedInterface;
}

/**
 * The peer's address on a network that both hosts are on, else on the network behind the fewest routers. Where several
 * are equal, the first in the order of the peer's cards, and on a card in the order of its network's families.
 */
export function nearestAddress(
  at: PlannedHost,
  peer: PlannedHost,
  owners: Owners,
  { network, family }: Wanted = {},
): ResolvedAddress | undefined {
  const wanted = peer.interfaces
    .filter((card) => network === undefined || card.network === network)
    .flatMap((card) =>
      card.addresses
        .filter((one) => family === undefined || one.family === family)
        .map(({ address }): ResolvedAddress => ({ address, card })),
    );
  for (const { network: ours } of at.interfaces) {
    const shared = wanted.find(({ card }) => card.network === ours);
    if (shared) return shared;
  }
  const reached = wanted.flatMap((one) => {
    const way = walk(at, one.address, owners);
    return way ? [{ one, routers: way.length }] : [];
  });
  return reached.toSorted((a, b) => a.routers - b.routers)[0]?.one;
}

function hostOf(plan: Plan, name: string): PlannedHost {
  const host = plan.hosts.find((candidate) => candidate.name === name);
  if (host) return host;
  const known = plan.hosts.map((candidate) => candidate.name).join(', ');
  throw new LabError('scenario', `no host \`${name}\``, { hint: `hosts are ${known}` });
}
