/** `routes:` of a host: the routes of the plan, and the steps that they make possible. */
import { describe, expect, test } from 'vitest';
import { ownersOf, walk } from '../../lab/model/follow-routes.ts';
import type { Plan } from '../../lab/model/planned.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { planOf } from '../lab.ts';

/** Two routers join the same networks, and `r1` alone leads on to `deep`. */
const lab = (alice: string, more = '', step = '') => `
lab: two-ways
networks:
  home: [10.50.1.0/24, "fd00:50:1::/64"]
  far: [10.50.2.0/24, "fd00:50:2::/64"]
  deep: 10.50.3.0/24
hosts:
  r1: { forward: true, networks: { home: [10.50.1.1, "fd00:50:1::1"], far: 10.50.2.1, deep: 10.50.3.1 } }
  r2: { forward: true, networks: { home: [10.50.1.2, "fd00:50:1::2"], far: 10.50.2.2 }, gateway: r1 }
  web: { networks: { far: [10.50.2.10, "fd00:50:2::10"] }, gateway: r1 }
  db: { networks: { deep: 10.50.3.10 } }
  alice: { networks: { home: 10.50.1.20 }, ${alice} }
${more}
steps: [${step}]
`;

const routes = (plan: Plan, name: string) =>
  plan.hosts
    .find((host) => host.name === name)!
    .routes.map(({ to, via, interface: card }) => `${to} via ${via} dev ${card}`);

const way = (plan: Plan, from: string, address: string) =>
  walk(plan.hosts.find(({ name }) => name === from)!, address, ownersOf(plan.hosts))?.map(({ name }) => name);

describe('static routes in a plan', () => {
  test('go before what lanlab works out, the longest prefix first, by a name or an address', () => {
    const plan = planOf(
      lab(
        'routes: { 10.0.0.0/8: 10.50.1.1, 10.50.2.0/24: r2, 10.50.2.10/32: 10.50.1.1, "fd00:50:2::/48": r2 }',
      ),
    );
    expect(routes(plan, 'alice')).toEqual([
      '10.50.2.10/32 via 10.50.1.1 dev eth0',
      '10.50.2.0/24 via 10.50.1.2 dev eth0',
      '10.0.0.0/8 via 10.50.1.1 dev eth0',
      'fd00:50:2::/48 via fd00:50:1::2 dev eth0',
    ]);
    expect(way(plan, 'alice', '10.50.2.10')).toEqual(['r1']);
    expect(way(plan, 'alice', '10.50.2.2')).toEqual(['r2']);
  });

  test('leave the routes to other networks as they were', () => {
    expect(routes(planOf(lab('gateway: r1, routes: { 192.168.0.0/16: r2 }')), 'alice')).toEqual([
      '192.168.0.0/16 via 10.50.1.2 dev eth0',
      'default via 10.50.1.1 dev eth0',
      'default via fd00:50:1::1 dev eth0',
    ]);
  });

  test('`default` is the gateway', () => {
    const [one, other] = ['routes: { default: r1 }', 'gateway: r1'].map((words) => planOf(lab(words)));
    expect(routes(one!, 'alice')).toEqual(routes(other!, 'alice'));
  });

  test('settle which of two ways is taken', () => {
    const open = lab(
      'gateway: r1',
      '  bob: { networks: [home], routes: { 10.50.2.0/24: r2, "fd00:50:2::/64": r2 } }',
    );
    expect(routes(planOf(open), 'bob')[0]).toBe('10.50.2.0/24 via 10.50.1.2 dev eth0');
  });

  test('lead packets for neighbours to a router too', () => {
    const plan = planOf(
      lab(
        'gateway: r1, routes: { 10.50.1.128/25: r1 }',
        '  bob: { networks: { home: 10.50.1.200 }, gateway: r1 }',
      ),
    );
    expect(way(plan, 'alice', '10.50.1.200')).toEqual(['r1']);
    expect(way(plan, 'alice', '10.50.1.2')).toEqual([]);
  });

  test('of two routers that hand packets to each other lead nowhere', () => {
    const plan = planOf(`
lab: loop
networks: { home: 10.50.1.0/24, middle: 10.50.2.0/24, far: 10.50.3.0/24 }
hosts:
  r1: { forward: true, networks: { home: 10.50.1.1, middle: 10.50.2.1 } }
  r2: { forward: true, networks: { middle: 10.50.2.2, far: 10.50.3.1 }, routes: { 10.50.3.8/29: r1 } }
  alice: { networks: [home] }
  web: { networks: { far: 10.50.3.10 } }
`);
    expect(way(plan, 'alice', '10.50.3.10')).toBeUndefined();
    expect(way(plan, 'alice', '10.50.3.1')).toEqual(['r1', 'r2']);
  });
});

const problems = (text: string): string[] => {
  try {
    loadScenario(text, 'x.yaml', vocabulary);
    return [];
  } catch (error) {
    return (error as { problems: { message: string }[] }).problems.map(({ message }) => message);
  }
};

const ping = (to: string) => `{ at: alice, ping: { to: ${to} } }`;

describe('a step is possible', () => {
  test.each([
    ['by a route where there is no gateway', 'gateway: none, routes: { 10.50.2.0/24: r2 }', 'web'],
    ['by a route to the one address', 'gateway: none, routes: { 10.50.2.10/32: r2 }', 'web'],
    ['by a route to more than the network', 'gateway: none, routes: { 10.50.0.0/16: 10.50.1.1 }', 'db'],
    ['over two routers', 'gateway: none, routes: { 10.50.3.0/24: r2 }', 'db'],
  ])('%s', (_, words, to) => expect(problems(lab(words, '', ping(to)))).toEqual([]));

  test.each([
    [
      'and is not where its route leads to nobody',
      'gateway: r1, routes: { 10.50.3.0/24: 10.50.1.99 }',
      'db',
      '`alice` (home) has no way to `db` (deep): its route by `10.50.1.99` does not lead there',
    ],
  ])('%s', (_, words, to, message) => expect(problems(lab(words, '', ping(to)))).toEqual([message]));

  test('by the routes of a router that has no gateway', () => {
    const text = (r1: string) => `
lab: middle
networks: { home: 10.50.1.0/24, middle: 10.50.2.0/24, far: 10.50.3.0/24 }
hosts:
  r1: { forward: true, networks: { home: 10.50.1.1, middle: 10.50.2.1 }, gateway: none${r1} }
  r2: { forward: true, networks: { middle: 10.50.2.2, far: 10.50.3.1 } }
  alice: { networks: [home] }
  web: { networks: { far: 10.50.3.10 } }
steps: [{ at: alice, ping: { to: web } }]
`;
    expect(problems(text(''))).toHaveLength(1);
    expect(problems(text(', routes: { 10.50.3.0/24: r2 }'))).toEqual([]);
    expect(problems(text(', routes: { 10.50.3.0/24: 10.50.2.9 }'))).toHaveLength(1);
  });
});
