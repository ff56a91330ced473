/** Hosts that only have to exist: where the engine gives them their addresses, they need no set-up. */
import type { PlannedHost } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';

/** Words that stand for hosts without their names. */
const ANYBODY = ['all', 'broadcast'];

/** The hosts that a scenario's steps use. */
export interface Asked {
  /** Hosts at which something is done. */
  at: ReadonlySet<string>;
  /** Hosts whose names the steps contain, in any place; absent where the steps may mean any host. */
  named?: ReadonlySet<string>;
}

export function askedIn({ steps, hosts, capture = [] }: Scenario): Asked {
  const at = new Set(steps.map((step) => step.at));
  const written = JSON.stringify(steps.map(({ name: _, where: __, ...step }) => step));
  const words = new Set(written.match(/[a-z0-9-]+/gi));
  if (ANYBODY.some((word) => words.has(word))) return { at };
  const named = hosts.map(({ name }) => name).filter((name) => words.has(name));
  return { at, named: new Set([...capture, ...named]) };
}

/** Whether a host has nothing but its networks and its IPv4 addresses. */
export function isPlain(host: PlannedHost): boolean {
  const { program, forward, nat, firewall, serves, resolvers, routes, files, interfaces } = host;
  const special = program ?? nat ?? firewall ?? serves ?? resolvers;
  const cards = interfaces.every(({ leased, linkLocal, internet }) => !leased && !linkLocal && !internet);
  return special === undefined && !forward && routes.length + files.length === 0 && cards;
}
