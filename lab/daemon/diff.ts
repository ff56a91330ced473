/** The changes that make one plan into another. Pure: nothing is done here. */
import { isDeepStrictEqual } from 'node:util';
import type {
  Plan,
  PlannedHost,
  PlannedLease,
  PlannedNetwork,
  PlannedRoute,
  PlannedServing,
} from '../model/planned.ts';

/** The news for a host when others come and go. The host keeps running. */
export interface Renewal {
  name: string;
  hostsFile: string;
  /** The cards on each of its networks, in the host's order. */
  members: string[][];
  routes: PlannedRoute[];
  /** The leases and names that it serves. */
  serves?: PlannedServing[];
  /** The lease that each of its cards gets by DHCP, in the host's order. */
  leased: (PlannedLease | undefined)[];
}

export interface ChangedHost {
  host: PlannedHost;
  /** The parts that differ: `program`, `addresses`… */
  what: string[];
}

export interface PlanDiff {
  networks: { added: PlannedNetwork[]; removed: string[]; changed: PlannedNetwork[] };
  /** A changed host is removed and added again; a renewed one keeps running. */
  hosts: { added: PlannedHost[]; removed: string[]; changed: ChangedHost[]; renewed: Renewal[] };
  /** The names in the order of the new plan. Another order alone changes nothing that is up. */
  order: { lab: string; networks: string[]; hosts: string[] };
}

export function diffPlans(from: Plan, to: Plan): PlanDiff {
  const networks = splitByName(from.networks, to.networks);
  const changed = networks.both.filter(([before, after]) => !isDeepStrictEqual(before, after));
  const replaced = new Set(changed.map(([{ name }]) => name));
  const hosts = splitByName(from.hosts, to.hosts);
  const changedHosts: ChangedHost[] = [];
  const renewed: Renewal[] = [];
  for (const [before, after] of hosts.both) {
    const what = differences(before, after, replaced);
    if (what.length > 0) changedHosts.push({ host: after, what });
    else if (!isDeepStrictEqual(renewalOf(before), renewalOf(after))) renewed.push(renewalOf(after));
  }
  return {
    networks: {
      added: networks.added,
      removed: networks.removed,
      changed: changed.map(([, after]) => after),
    },
    hosts: { added: hosts.added, removed: hosts.removed, changed: changedHosts, renewed },
    order: { lab: to.lab, networks: namesOf(to.networks), hosts: namesOf(to.hosts) },
  };
}

export function isEmpty({ networks, hosts }: PlanDiff): boolean {
  return [...Object.values(networks), ...Object.values(hosts)].every((list) => list.length === 0);
}

/** The networks and hosts to remove first: those that go for good, and those that come again. */
export function goingOf({ networks, hosts }: PlanDiff): { hosts: string[]; networks: string[] } {
  return {
    hosts: [...hosts.removed, ...hosts.changed.map(({ host }) => host.name)],
    networks: [...networks.removed, ...namesOf(networks.changed)],
  };
}

/** The networks and hosts to add after that. */
export function comingOf({ networks, hosts }: PlanDiff): Pick<Plan, 'networks' | 'hosts'> {
  return {
    hosts: [...hosts.added, ...hosts.changed.map(({ host }) => host)],
    networks: [...networks.added, ...networks.changed],
  };
}

/** The plan without the networks and hosts that go. */
export function without(plan: Plan, gone: { hosts: string[]; networks: string[] }): Plan {
  return {
    lab: plan.lab,
    networks: plan.networks.filter(({ name }) => !gone.networks.includes(name)),
    hosts: plan.hosts.filter(({ name }) => !gone.hosts.includes(name)),
  };
}

/** The plan that the difference leads to. */
export function applyDiff(plan: Plan, diff: PlanDiff): Plan {
  const left = without(plan, goingOf(diff));
  const coming = comingOf(diff);
  const renewals = new Map(diff.hosts.renewed.map((each) => [each.name, each]));
  const hosts = [...left.hosts.map((host) => renew(host, renewals.get(host.name))), ...coming.hosts];
  const { lab, ...order } = diff.order;
  return {
    lab,
    networks: inOrder([...left.networks, ...coming.networks], order.networks),
    hosts: inOrder(hosts, order.hosts),
  };
}

function renew(host: PlannedHost, renewal: Renewal | undefined): PlannedHost {
  if (!renewal) return host;
  const { hostsFile, routes, members, leased, serves } = renewal;
  const interfaces = host.interfaces.map(({ leased: _, ...card }, index) => {
    const lease = leased[index];
    return { ...card, members: members[index]!, ...(lease && { leased: lease }) };
  });
  const { serves: _, ...rest } = host;
  return { ...rest, interfaces, hostsFile, routes, ...(serves && { serves }) };
}

function renewalOf({ name, hostsFile, interfaces, routes, serves }: PlannedHost): Renewal {
  const members = interfaces.map((card) => card.members);
  const leased = interfaces.map((card) => card.leased);
  return { name, hostsFile, routes, members, leased, ...(serves && { serves }) };
}

function differences(before: PlannedHost, after: PlannedHost, replaced: ReadonlySet<string>): string[] {
  const parts: [what: string, of: (host: PlannedHost) => unknown][] = [
    ['program', ({ program }) => program],
    ['addresses', ({ interfaces }) => interfaces.map(withoutOthers)],
    ['files', ({ files }) => files],
    ['sysctls', ({ sysctls }) => sysctls],
    ['other keys', otherParts],
  ];
  const what = parts.filter(([, of]) => !isDeepStrictEqual(of(before), of(after))).map(([word]) => word);
  const moved = after.interfaces.some(({ network }) => replaced.has(network));
  return moved && !what.includes('addresses') ? [...what, 'network'] : what;
}

/** A card that asks for its address learns the rest in the same way, so only the fact that it asks counts. */
function withoutOthers({ members: _, leased, ...card }: PlannedHost['interfaces'][number]): unknown {
  return { ...card, asks: leased !== undefined };
}

/** All other parts of a planned host, also those of a later version. */
function otherParts({
  program,
  interfaces,
  files,
  sysctls,
  hostsFile,
  routes,
  serves,
  ...rest
}: PlannedHost): unknown {
  return rest;
}

interface Named {
  name: string;
}

function splitByName<T extends Named>(from: readonly T[], to: readonly T[]) {
  const before = new Map(from.map((each) => [each.name, each]));
  const after = new Set(namesOf(to));
  return {
    added: to.filter(({ name }) => !before.has(name)),
    removed: namesOf(from).filter((name) => !after.has(name)),
    both: to.flatMap((each): [T, T][] => {
      const was = before.get(each.name);
      return was ? [[was, each]] : [];
    }),
  };
}

function inOrder<T extends Named>(items: readonly T[], names: readonly string[]): T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  return names.flatMap((name) => byName.get(name) ?? []);
}

function namesOf(items: readonly Named[]): string[] {
  return items.map(({ name }) => name);
}
