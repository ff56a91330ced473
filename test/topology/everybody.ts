/** Every host of a real lab reaches every other over as many routers as the planner said. */
import { expect } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { bringUp } from '../../lab/live/up.ts';
import { ownersOf, walk } from '../../lab/model/follow-routes.ts';
import type { Plan } from '../../lab/model/planned.ts';
import type { Scenario } from '../../lab/model/types.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { hostOf, shell } from '../lab.ts';
import { type Pair, pairsOf } from './graphs.ts';

/** Every address answers a TTL that is just enough for the routers that are planned; some are also asked with one less. */
function script(pairs: readonly Pair[]): string {
  const asked = pairs.map(
    ({ address, routers }) =>
      `ping -n -c1 -W5 -t${routers + 1} ${address} | grep -o "from.*ttl=[0-9]*" || echo none`,
  );
  // One router fewer than are needed: it must not come.
  const short = pairs
    .filter(({ routers }) => routers > 0)
    .slice(0, 3)
    .map(
      ({ address, routers }) => `ping -n -c1 -W5 -t${routers} ${address} | grep -o "exceeded" || echo none`,
    );
  return [...asked, ...short].join('\n');
}

/** Routers that the plan sends it by, less the target itself, where that is one. */
function forwarding({ from, to, address, routers }: Pair, { hosts }: Plan): number {
  const way = walk(hosts.find(({ name }) => name === from)!, address, ownersOf(hosts))!;
  expect(way.length).toBe(routers);
  return way.at(-1)?.name === to ? routers - 1 : routers;
}

/** Brings the lab up on namespaces and asks from every host; returns how many pairs there were. */
export async function everybodyReachesEverybody(scenario: Scenario): Promise<number> {
  const options = { progress: () => {}, signal: new AbortController().signal };
  const plan = planScenario(scenario);
  await using lab = await bringUp(plan, netnsEngine(), options);
  const all = pairsOf(scenario, plan).map((pair) => ({ ...pair, routers: forwarding(pair, plan) }));
  const byHost = Map.groupBy(all, ({ from }) => from);
  const wrong = await Promise.all(
    [...byHost].map(async ([from, pairs]) => {
      const lines = (await shell(hostOf(lab, from), script(pairs), 120_000)).trim().split('\n');
      return pairs
        .flatMap(({ to, address, routers }, index) =>
          lines[index]?.includes(`from ${address}:`)
            ? []
            : [`${from} > ${to} (${address}), ${routers} routers: ${lines[index]}`],
        )
        .concat(lines.slice(pairs.length).filter((line) => line !== 'exceeded'));
    }),
  );
  expect(wrong.flat()).toEqual([]);
  return all.length;
}
