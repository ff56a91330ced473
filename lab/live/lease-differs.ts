/** Compares the lease of a host with the plan of its lab. */
import type { Lease } from '../agent/protocol.ts';
import { addressOf, type PlannedInterface } from '../model/planned.ts';

/** `address 10.50.1.77, planned 10.50.1.2`; undefined where the lease is as planned. */
export function leaseDiffers(lease: Lease, card: PlannedInterface): string | undefined {
  const terms = card.leased!;
  const { address, prefix } = addressOf(card, 'ipv4')!;
  const { resolver } = terms;
  const pairs: [what: string, found: string, planned: string][] = [
    ['address', lease.address, address],
    ['prefix', String(lease.prefix), String(prefix)],
    ['server', lease.server, terms.server],
    ['router', lease.routers.join(' '), terms.router ?? ''],
    ['routes', textOf(lease.routes), textOf(terms.routes)],
    ['name server', lease.resolvers.join(' '), resolver?.address ?? ''],
    ['domain', lease.domain ?? '', resolver?.domain ?? ''],
  ];
  const wrong = pairs.filter(([, found, planned]) => found !== planned);
  if (wrong.length === 0) return undefined;
  return wrong
    .map(([what, found, planned]) => `${what} ${found || 'none'}, planned ${planned || 'none'}`)
    .join('; ');
}

function textOf(routes: Lease['routes']): string {
  return routes
    .map(({ to, via }) => `${to} via ${via}`)
    .toSorted()
    .join(', ');
}
