/** Random connected labs: networks joined by routers every which way, with every tie settled by a `gateway`. */
import fc from 'fast-check';
import type { Plan } from '../../lab/model/planned.ts';
import type { Host, Scenario } from '../../lab/model/types.ts';
import { findWays } from '../../lab/model/ways.ts';
import { planScenario } from '../../lab/plan/plan.ts';

const where = { file: 'graph', line: 1, column: 1 };

export interface Size {
  networks: number;
  hosts: number;
}

/** Networks by number; each host by the numbers of those that it is on. */
interface Shape {
  routers: number[][];
  ends: number[][];
}

/** At most so many networks and hosts, or exactly so many. */
export function graphs({ networks, hosts }: Size, exactly = false): fc.Arbitrary<Scenario> {
  return fc
    .integer({ min: exactly ? networks : 2, max: networks })
    .chain((count) => {
      const any = fc.nat(count - 1);
      const tree = Array.from({ length: count - 1 }, (_, index) =>
        fc.nat(index).map((parent) => [index + 1, parent]),
      );
      const more = Math.max(0, Math.min(6, hosts - count));
      const extra = fc.array(fc.uniqueArray(any, { minLength: 2, maxLength: 3 }), { maxLength: more });
      const on = fc.uniqueArray(any, { minLength: 1, maxLength: 2 });
      const ends = fc.array(on, { minLength: exactly ? hosts : 1, maxLength: hosts });
      return fc.record({ tree: fc.tuple(...tree), extra, ends }).map(({ tree, extra, ends }): Shape => {
        const routers = [...tree, ...extra];
        return { routers, ends: ends.slice(0, Math.max(1, hosts - routers.length)) };
      });
    })
    .map(scenarioOf)
    .map(settled);
}

function scenarioOf({ routers, ends }: Shape): Scenario {
  const on = (networks: readonly number[]) =>
    networks.map((number) => ({
      network: `net${number}`,
      addresses: [],
      where,
    }));
  const host = (name: string, networks: readonly number[]): Host => ({
    name,
    networks: on(networks),
    files: [],
    sysctls: {},
    where,
  });
  const numbers = [...new Set(routers.flat())].toSorted((a, b) => a - b);
  return {
    file: 'graph',
    lab: 'graph',
    networks: numbers.map((number) => ({
      name: `net${number}`,
      subnets: [`10.110.${number}.0/24`],
      where,
    })),
    hosts: [
      ...routers.map((networks, index): Host => ({ ...host(`router${index}`, networks), forward: true })),
      ...ends.map((networks, index) => host(`host${index}`, networks)),
    ],
    steps: [],
  };
}

/** As an author would: a router is told whom to prefer, another host which is its router. */
function settled(scenario: Scenario): Scenario {
  const { ties } = findWays(scenario.hosts);
  const hosts = scenario.hosts.map((host): Host => {
    const tied = ties.filter((tie) => tie.host === host.name);
    const routers = [...new Set(tied.flatMap((tie) => tie.routers.map(({ router }) => router!)))];
    if (routers.length === 0) return host;
    return { ...host, gateway: host.forward ? routers.toReversed() : routers.slice(-1) };
  });
  return { ...scenario, hosts };
}

/** The fewest routers between two hosts, counted without any of the planner's means: a breadth-first search. */
export function fewestRouters({ hosts }: Scenario, from: Host, network: string): number | undefined {
  const names = ({ networks }: Host) => networks.map((one) => one.network);
  let edge = [from];
  const seen = new Set(edge);
  for (let count = 0; edge.length > 0; count++) {
    if (edge.some((host) => names(host).includes(network))) return count;
    const near = new Set(edge.flatMap(names));
    edge = hosts.filter(
      (host) => host.forward && !seen.has(host) && names(host).some((one) => near.has(one)),
    );
    for (const host of edge) seen.add(host);
  }
  return undefined;
}

export interface Pair {
  from: string;
  to: string;
  address: string;
  routers: number;
}

/** Every host with every address of every other, and the routers that there must be between them. */
export function pairsOf(scenario: Scenario, plan: Plan = planScenario(scenario)): Pair[] {
  const byName = new Map(scenario.hosts.map((host) => [host.name, host]));
  return scenario.hosts.flatMap((from) =>
    plan.hosts.flatMap(({ name, interfaces }) =>
      name === from.name
        ? []
        : interfaces.flatMap(({ addresses, network }) =>
            addresses.map(({ address }) => ({
              from: from.name,
              to: name,
              address,
              routers: expectedRouters(scenario, from, network, byName),
            })),
          ),
    ),
  );
}

/** A host with a gateway goes there first, wherever it wants to. */
function expectedRouters(
  scenario: Scenario,
  from: Host,
  network: string,
  byName: ReadonlyMap<string, Host>,
): number {
  const own = from.networks.some((one) => one.network === network);
  const [gateway] = from.forward || own ? [] : (from.gateway ?? []);
  const start = gateway === undefined ? from : byName.get(gateway)!;
  return fewestRouters(scenario, start, network)! + (gateway === undefined ? 0 : 1);
}
