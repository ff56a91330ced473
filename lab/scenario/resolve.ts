/** From `echo:9000` to one literal address and port, as one host of a plan sees it. */
import { LabError } from '../errors.ts';
import { printAddress } from './address.ts';
import { parseEndpoint, parseTarget, type Target } from './endpoint.ts';
import type { Plan, PlannedHost, PlannedInterface } from './planned.ts';
import { Wrong } from './reading.ts';
import { type Owners, ownersOf, walk } from './walk.ts';

/**
 * The literal endpoint that a text means at a host: a peer's address on the first network that both share,
 * else on the one that the fewest routers lead to; the host's own first address for its own name, the broadcast address of its first network for `broadcast`.
 * Throws LabError (`scenario`) where it means nothing there.
 */
export function resolveEndpoint(
  plan: Plan,
  atHost: string,
  text: string,
  defaultPort?: number,
): { address: string; port: number } {
  const parsed = parseEndpoint(text, defaultPort);
  if (parsed instanceof Wrong) throw new LabError('scenario', parsed.what, { mend: parsed.mend });
  return { address: addressOf(plan, atHost, parsed.target), port: parsed.port };
}

/** As resolveEndpoint, for a host, an address or `broadcast` without a port. */
export function resolveAddress(plan: Plan, atHost: string, text: string): string {
  const target = parseTarget(text);
  if (target instanceof Wrong) throw new LabError('scenario', target.what, { mend: target.mend });
  return addressOf(plan, atHost, target);
}

function addressOf(plan: Plan, atHost: string, target: Target): string {
  if (target.kind === 'address') return printAddress(target.address);
  const at = hostOf(plan, atHost);
  if (target.kind === 'broadcast') return firstOf(at).broadcast;
  const peer = hostOf(plan, target.host);
  const found = nearestInterface(at, peer, ownersOf(plan.hosts), target.network);
  if (found) return found.address;
  const where = target.network === undefined ? '' : ` on \`${target.network}\``;
  throw new LabError('scenario', `\`${atHost}\` has no way to \`${target.host}\`${where}`, {
    mend: 'join their networks by a router (`forward: true`), or write an address',
  });
}

/**
 * The peer's interface on a network that both are on, else the one that the fewest routers lead to; of several the
 * first of the peer's.
 */
export function nearestInterface(
  at: PlannedHost,
  peer: PlannedHost,
  owners: Owners,
  network?: string,
): PlannedInterface | undefined {
  const shared = sharedInterface(at, peer, network);
  if (shared) return shared;
  const wanted = peer.interfaces.filter((one) => network === undefined || one.network === network);
  const reached = wanted.flatMap((one) => {
    const way = walk(at, one.address, owners);
    return way ? [{ one, routers: way.length }] : [];
  });
  return reached.toSorted((a, b) => a.routers - b.routers)[0]?.one;
}

/** The peer's interface on the first network, in the order of `at`, that both are on. */
function sharedInterface(at: PlannedHost, peer: PlannedHost, network?: string): PlannedInterface | undefined {
  const ours = at.interfaces
    .map((one) => one.network)
    .filter((one) => network === undefined || one === network);
  for (const shared of ours) {
    const found = peer.interfaces.find((one) => one.network === shared);
    if (found) return found;
  }
  return undefined;
}

function hostOf(plan: Plan, name: string): PlannedHost {
  const host = plan.hosts.find((candidate) => candidate.name === name);
  if (host) return host;
  const known = plan.hosts.map((candidate) => candidate.name).join(', ');
  throw new LabError('scenario', `no host \`${name}\``, { mend: `hosts are ${known}` });
}

function firstOf(host: PlannedHost): PlannedInterface {
  const first = host.interfaces[0];
  if (first) return first;
  throw new LabError('scenario', `\`${host.name}\` is on no network`);
}
