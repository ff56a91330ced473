/** Routes of a plan, worked out from who is on which network. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownersOf, walk } from '../../lab/model/follow-routes.ts';
import type { Plan } from '../../lab/model/planned.ts';
import { findWays } from '../../lab/model/ways.ts';
import { planScenario, resolveAddress, resolveEndpoint } from '../../lab/plan/plan.ts';
import { planOf } from '../lab.ts';
import { graphs, pairsOf } from '../topology/graphs.ts';

const chain = planOf(`
lab: chain
networks:
  home: 10.50.1.0/24
  middle: { subnet: 10.50.2.0/24, mtu: 1400 }
  far: 10.50.3.0/24
hosts:
  one: { forward: true, networks: { home: 10.50.1.1, middle: 10.50.2.1 } }
  two: { forward: true, networks: { middle: 10.50.2.2, far: 10.50.3.1 } }
  alice: { networks: { home: 10.50.1.21 } }
  lone: { networks: { home: 10.50.1.22 }, gateway: none }
  wrong: { networks: { home: 10.50.1.23 }, gateway: 10.50.1.99 }
  both: { networks: { middle: 10.50.2.24, far: 10.50.3.24 } }
  mid: { networks: { middle: 10.50.2.25 } }
  sure: { networks: { middle: 10.50.2.26 }, gateway: two }
  echo: { service: tcp-echo, networks: { far: 10.50.3.10 } }
`);

const routes = (plan: Plan, name: string) =>
  plan.hosts
    .find((host) => host.name === name)!
    .routes.map(({ to, via, interface: card }) => `${to} via ${via} dev ${card}`);

describe('routes', () => {
  test.each([
    [
      'a host whose network has one router sends everything there',
      'alice',
      ['default via 10.50.1.1 dev eth0'],
    ],
    ['a router knows every network, and has no default', 'one', ['10.50.3.0/24 via 10.50.2.2 dev eth1']],
    ['the other one too', 'two', ['10.50.1.0/24 via 10.50.2.1 dev eth0']],
    [
      'between two routers each network has the nearer, and unknown addresses none',
      'mid',
      ['10.50.1.0/24 via 10.50.2.1 dev eth0', '10.50.3.0/24 via 10.50.2.2 dev eth0'],
    ],
    [
      'a gateway that is written gets everything, also what another is nearer to',
      'sure',
      ['default via 10.50.2.2 dev eth0'],
    ],
    ['an address of nobody can be a gateway', 'wrong', ['default via 10.50.1.99 dev eth0']],
    ['with the gateway none there is no way off the LAN', 'lone', []],
    [
      'a host on two networks that does not forward needs a way only to the others',
      'both',
      ['10.50.1.0/24 via 10.50.2.1 dev eth0'],
    ],
  ])('%s', (_, name, expected) => expect(routes(chain, name)).toEqual(expected));

  test('there are none where nobody forwards', () => {
    const plan = planOf(
      '{ lab: lan, networks: { home: 10.50.1.0/24, far: 10.50.2.0/24 }, hosts: { both: { networks: [home, far] }, alice: { networks: [home] } } }',
    );
    expect(plan.hosts.flatMap((host) => host.routes)).toEqual([]);
  });

  test('of two ways equally short the gateway’s is taken, and a router’s list is in order of preference', () => {
    const diamond = planOf(`
lab: diamond
networks: { home: 10.50.1.0/24, left: 10.50.2.0/24, right: 10.50.3.0/24, far: 10.50.4.0/24 }
hosts:
  first: { forward: true, networks: [home, left, right], gateway: [r3, r2] }
  r2: { forward: true, networks: [left, far], gateway: first }
  r3: { forward: true, networks: [right, far], gateway: first }
  alice: { networks: [home] }
  echo: { networks: [far], gateway: r2 }
`);
    expect(routes(diamond, 'first')).toEqual([
      '10.50.4.0/24 via 10.50.3.2 dev eth2',
      'default via 10.50.3.2 dev eth2',
    ]);
    expect(routes(diamond, 'echo')).toEqual(['default via 10.50.4.1 dev eth0']);
  });

  test('a router whose gateway is none joins its own networks, and is on no longer way', () => {
    const plan = planOf(`
lab: stub
networks: { home: 10.50.1.0/24, middle: 10.50.2.0/24, far: 10.50.3.0/24 }
hosts:
  one: { forward: true, networks: [home, middle], gateway: none }
  two: { forward: true, networks: [middle, far] }
  alice: { networks: [home] }
  echo: { networks: [far] }
`);
    expect(routes(plan, 'one')).toEqual([]);
    expect(plan.hosts.find(({ name }) => name === 'alice')!.hostsFile).not.toContain('echo');
    expect(routes(plan, 'two')).toEqual(['10.50.1.0/24 via 10.50.2.1 dev eth0']);
  });

  test('where a network leads out, its hosts’ default is the engine’s address, and others’ is on the way there', () => {
    const plan = planOf(`
lab: outward
networks: { home: 10.50.1.0/24, middle: 10.50.2.0/24, out: { subnet: 10.50.3.0/24, internet: true } }
hosts:
  one: { forward: true, networks: [home, middle] }
  two: { forward: true, networks: [middle, out] }
  alice: { networks: [home] }
  bob: { networks: [out] }
  careful: { networks: [out], gateway: none }
`);
    expect(routes(plan, 'one')).toEqual([
      '10.50.3.0/24 via 10.50.2.2 dev eth1',
      'default via 10.50.2.2 dev eth1',
    ]);
    expect(routes(plan, 'two')).toContain('default via 10.50.3.254 dev eth1');
    expect(routes(plan, 'alice')).toEqual(['default via 10.50.1.1 dev eth0']);
    expect(routes(plan, 'bob')).toEqual([
      '10.50.1.0/24 via 10.50.3.1 dev eth0',
      '10.50.2.0/24 via 10.50.3.1 dev eth0',
      'default via 10.50.3.254 dev eth0',
    ]);
    expect(routes(plan, 'careful')).toEqual([]);
  });
});

describe('beside its routes', () => {
  const find = (name: string) => chain.hosts.find((host) => host.name === name)!;

  test('a router forwards, and nobody else does', () => {
    const forwarding = chain.hosts.filter(({ sysctls }) => sysctls['net.ipv4.ip_forward'] === '1');
    expect(forwarding.map(({ name }) => name)).toEqual(['one', 'two']);
    for (const { sysctls } of forwarding) {
      expect(sysctls['net.ipv4.conf.all.send_redirects']).toBe('0');
      expect(sysctls['net.ipv4.conf.all.rp_filter']).toBe('0');
    }
  });

  test('every card has the MTU of its network', () => {
    expect(find('one').interfaces.map(({ mtu }) => mtu)).toEqual([1500, 1400]);
    expect(find('mid').interfaces.map(({ mtu }) => mtu)).toEqual([1400]);
  });

  test('the hosts file has every host that there is a way to, by its nearest address', () => {
    const lines = find('alice').hostsFile.split('\n');
    expect(lines).toContain('10.50.3.10\techo');
    expect(lines).toContain('10.50.2.24\tboth both.middle');
    expect(lines).toContain('10.50.3.24\tboth.far');
    expect(lines).toContain('10.50.2.2\ttwo two.middle');
    expect(find('lone').hostsFile).not.toContain('echo');
  });

  test.each([
    ['alice', 'both', '10.50.2.24'],
    ['alice', 'both.far', '10.50.3.24'],
    ['echo', 'both', '10.50.3.24'],
    ['echo', 'one', '10.50.2.1'],
    ['alice', 'two', '10.50.2.2'],
  ])('at %s, %s is %s', (at, text, address) => expect(resolveAddress(chain, at, text)).toBe(address));

  test('nobody is found where no way leads', () => {
    expect(() => resolveEndpoint(chain, 'lone', 'echo:9000')).toThrow('`lone` has no way to `echo`');
  });
});

describe('in any connected lab', () => {
  test('the planned routes lead every host to every address of every other, by the fewest routers', () => {
    fc.assert(
      fc.property(graphs({ networks: 20, hosts: 60 }), (scenario) => {
        expect(findWays(scenario.hosts).ties).toEqual([]);
        const plan = planScenario(scenario);
        const owners = ownersOf(plan.hosts);
        for (const { from, address, routers } of pairsOf(scenario, plan)) {
          const way = walk(plan.hosts.find(({ name }) => name === from)!, address, owners);
          expect([from, address, way?.length]).toEqual([from, address, routers]);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('the plan is the same every time', () => {
    fc.assert(
      fc.property(graphs({ networks: 8, hosts: 20 }), (scenario) => {
        expect(planScenario(scenario)).toEqual(planScenario(structuredClone(scenario)));
      }),
      { numRuns: 30 },
    );
  });
});
