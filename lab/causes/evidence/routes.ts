/** A host's routes of one family as the kernel chooses among them. Pure. */
import {
  type Address,
  contains,
  type Family,
  familyOf,
  parseAddress,
  subnetFrom,
  subnetOf,
} from '../../model/address.ts';
import type { PlannedHost } from '../../model/planned.ts';

export interface Route {
  /** `default`, `10.50.2.0/24`, `10.50.2.7` */
  to: string;
  /** `unicast`, or the type of a route by which nothing goes: `unreachable`, `prohibit`, `blackhole`… */
  type: string;
  via?: string;
  card?: string;
  source?: string;
  metric: number;
}

interface IpRoute {
  dst: string;
  type?: string;
  gateway?: string;
  dev?: string;
  prefsrc?: string;
  metric?: number;
  nexthops?: unknown[];
}

/** The number of policy rules in a new network namespace: for the tables local, main and (in IPv4) default. */
const KERNELS_RULES = { ipv4: 3, ipv6: 2 };

/**
 * Reads `ip -j rule` and `ip -j route`, a line each. Undefined where other tables than the main one count, or where
 * a route has several next hops.
 */
export function readRoutes(printed: string, family: Family = 'ipv4'): Route[] | undefined {
  const [rules = '[]', routes = '[]'] = printed.split('\n').filter((line) => line.trim() !== '');
  if ((JSON.parse(rules) as unknown[]).length > KERNELS_RULES[family]) return undefined;
  const all = JSON.parse(routes) as IpRoute[];
  if (all.some(({ nexthops }) => nexthops !== undefined)) return undefined;
  return all.map(({ dst, type, gateway, dev, prefsrc, metric }) => {
    return {
      to: dst,
      type: type ?? 'unicast',
      metric: metric ?? 0,
      ...(gateway !== undefined && { via: gateway }),
      ...(dev !== undefined && { card: dev }),
      ...(prefsrc !== undefined && { source: prefsrc }),
    };
  });
}

/** The routes of a host in the plan that lead beyond its own networks. */
export function plannedRoutes(
  { routes, interfaces }: Pick<PlannedHost, 'routes' | 'interfaces'>,
  family: Family,
): Route[] {
  const leased = interfaces.flatMap(({ leased, name }) => {
    const all = leased?.router === undefined ? [] : [{ to: 'default', via: leased.router }];
    return [...all, ...(leased?.routes ?? [])].map((route) => ({ ...route, interface: name }));
  });
  const all = [...routes, ...leased].filter(({ via }) => familyOf(via) === family);
  return all.map(({ to, via, interface: card }) => ({ to, via, card, type: 'unicast', metric: 0 }));
}

/** The longest prefix wins, then the lowest metric. */
export function routeTo(address: string, routes: readonly Route[]): Route | undefined {
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  const all = routes.filter(({ to }) => contains(reach(to, parsed), parsed));
  const best = all.toSorted(
    (a, b) => reach(b.to, parsed).prefix - reach(a.to, parsed).prefix || a.metric - b.metric,
  );
  return best[0];
}

/** The subnet of a route's `to`. `default` has no family of its own: a table has routes of one family. */
function reach(to: string, { family }: Address) {
  if (to === 'default') return subnetOf({ family, number: 0n }, 0);
  return subnetFrom(to.includes('/') ? to : `${to}/${family === 'ipv4' ? 32 : 128}`);
}
