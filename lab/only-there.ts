/** Hosts that only have to be there: with an engine that gives them their addresses, nobody need set them up. */
import type { PlannedHost } from './scenario/planned.ts';
import type { Scenario } from './scenario/types.ts';

/** Words that stand for hosts which are not named. */
const ANYBODY = ['all', 'broadcast'];

/** The hosts that steps name, wherever in them; undefined where any may be meant. */
export function askedIn({ steps, hosts, capture = [] }: Scenario): ReadonlySet<string> | undefined {
  const written = JSON.stringify(steps.map(({ name: _, where: __, ...step }) => step));
  const words = new Set(written.match(/[a-z0-9-]+/gi));
  if (ANYBODY.some((word) => words.has(word))) return undefined;
  return new Set([...capture, ...hosts.map(({ name }) => name).filter((name) => words.has(name))]);
}

/** Nothing is said of it but its networks and its IPv4 addresses. */
export function isPlain(host: PlannedHost): boolean {
  const { program, forward, nat, firewall, serves, resolvers, routes, files, interfaces } = host;
  const special = program ?? nat ?? firewall ?? serves ?? resolvers;
  const cards = interfaces.every(({ leased, linkLocal, internet }) => !leased && !linkLocal && !internet);
  return special === undefined && !forward && routes.length + files.length === 0 && cards;
}
