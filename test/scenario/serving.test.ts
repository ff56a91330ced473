/** Networks with `dhcp` and `dns` in a plan, and what the DHCP client says. */
import { describe, expect, test } from 'vitest';
import { compileDnsmasq } from '../../lab/agent/dnsmasq.ts';
import { compileResolvConf } from '../../lab/agent/resolv-conf.ts';
import { readHappening } from '../../lab/agent/udhcpc.ts';
import { routesGiven } from '../../lab/engines/host-setup.ts';
import type { Plan } from '../../lab/model/planned.ts';
import { planOf } from '../lab.ts';

const SERVED = `
lab: served
networks:
  office: { subnet: 10.60.1.0/24, dhcp: gw, dns: ns }
  dmz: { subnet: 10.60.2.0/24, dns: gw }
  store: 10.60.3.0/24
  apart: 10.60.4.0/24
hosts:
  gw:    { forward: true, networks: { office: 10.60.1.1, dmz: 10.60.2.1 } }
  back:  { forward: true, networks: { office: 10.60.1.2, store: 10.60.3.1 } }
  ns:    { networks: { office: 10.60.1.53 } }
  alice: { networks: [office] }
  bob:   { networks: [office], gateway: gw }
  carol: { networks: [office], gateway: none }
  fixed: { networks: { office: 10.60.1.9 } }
  both:  { networks: { store: , dmz: }, gateway: gw }
  echo:  { networks: { dmz: 10.60.2.10 } }
  lone:  { networks: [apart] }
`;
const plan = planOf(SERVED);
const host = (name: string, of: Plan = plan) => of.hosts.find((one) => one.name === name)!;

describe('on a network with `dhcp`', () => {
  test('a host without a written address asks for it, and its address is planned all the same', () => {
    const leased = plan.hosts.flatMap(({ name, interfaces }) =>
      interfaces.flatMap((card) => (card.leased ? [`${name} ${card.addresses[0]?.address}`] : [])),
    );
    expect(leased).toEqual(['alice 10.60.1.3', 'bob 10.60.1.4', 'carol 10.60.1.5']);
  });

  test('it learns the routes that it was planned to have: all of them, or a router, or none', () => {
    const resolver = { address: '10.60.1.53', domain: 'office' };
    const [of, server] = [(name: string) => host(name).interfaces[0]!.leased, '10.60.1.1'];
    expect(of('alice')).toEqual({
      ...{ server, seconds: 3600, resolver },
      routes: [
        { to: '10.60.2.0/24', via: '10.60.1.1' },
        { to: '10.60.3.0/24', via: '10.60.1.2' },
      ],
    });
    expect(of('bob')).toEqual({ server, seconds: 3600, resolver, router: '10.60.1.1', routes: [] });
    expect(of('carol')).toEqual({ server, seconds: 3600, resolver, routes: [] });
  });

  test('the server keeps one address for each card that asks, and its terms', () => {
    const [serving] = host('gw').serves!;
    expect(serving).toMatchObject({ networks: ['office'], cards: ['eth0'] });
    const [pool] = serving!.pools!;
    expect(pool).toMatchObject({ first: '10.60.1.0', prefix: 24, broadcast: '10.60.1.255', seconds: 3600 });
    expect(serving!.names).toBeUndefined();
    const [alice, bob] = ['alice', 'bob'].map((name) => host(name).interfaces[0]!);
    expect(pool!.leases.map(({ mac, address }) => [mac, address]).slice(0, 2)).toEqual([
      [alice!.mac, alice!.addresses[0]?.address],
      [bob!.mac, bob!.addresses[0]?.address],
    ]);
    expect(compileDnsmasq(serving!)).toContain(`dhcp-host=${bob!.mac},set:h1,10.60.1.4,3600\n`);
  });
});

describe('on a network with `dns`', () => {
  const names = (server: string, network: string) =>
    host(server)
      .serves!.find(({ networks }) => networks.includes(network))!
      .names!.map((record) => `${record.address} ${record.names.join(' ')}`);

  test('hosts that somebody there has a way to have a name and one with each network, the near address first', () => {
    expect(names('ns', 'office')).toEqual([
      '10.60.1.1 gw.office gw',
      '10.60.2.1 gw.dmz',
      '10.60.1.2 back.office back',
      '10.60.3.1 back.store',
      '10.60.1.53 ns.office ns',
      '10.60.1.3 alice.office alice',
      '10.60.1.4 bob.office bob',
      '10.60.1.5 carol.office carol',
      '10.60.1.9 fixed.office fixed',
      '10.60.3.2 both.store both',
      '10.60.2.2 both.dmz',
      '10.60.2.10 echo.dmz echo',
    ]);
    expect(names('gw', 'dmz')).toContain('10.60.2.1 gw.dmz gw');
    expect(names('gw', 'dmz')).toContain('10.60.2.2 both.dmz both');
  });

  test('hosts know themselves alone, and who serves their names; who asks for its address learns it with that', () => {
    expect(host('fixed').hostsFile).toBe('127.0.0.1\tlocalhost\n10.60.1.9\tfixed\n');
    expect(host('alice').hostsFile).toBe('127.0.0.1\tlocalhost\n10.60.1.3\talice\n');
    expect(host('fixed').resolvers).toEqual([{ address: '10.60.1.53', domain: 'office' }]);
    expect(host('alice').resolvers).toBeUndefined();
    expect(host('both').resolvers).toEqual([{ address: '10.60.2.1', domain: 'dmz' }]);
    expect(compileResolvConf(host('gw').resolvers!)).toBe(
      'nameserver 10.60.1.53\nnameserver 10.60.2.1\nsearch office dmz\noptions timeout:1 attempts:2\n',
    );
  });

  test('elsewhere names stay in the hosts file', () => {
    expect(host('lone').hostsFile).toBe('127.0.0.1\tlocalhost\n10.60.4.1\tlone\n');
    expect(host('lone').resolvers).toBeUndefined();
  });
});

test('a network that nobody serves is planned as ever', () => {
  const bare = planOf(SERVED.replace(', dhcp: gw, dns: ns', '').replace(', dns: gw', ''));
  for (const { serves, resolvers, interfaces } of bare.hosts) {
    expect([serves, resolvers, ...interfaces.map(({ leased }) => leased)].filter(Boolean)).toEqual([]);
  }
  expect(host('alice', bare).hostsFile).toContain('10.60.2.10\techo');
});

describe('what the DHCP client says', () => {
  const line = (event: string, ...values: string[]) => ['lanlab-lease', event, ...values].join('|');

  test('is a lease with its options', () => {
    const routes = '10.60.2.0/24 10.60.1.1 0.0.0.0/0 10.60.1.2';
    const said = line(
      'bound',
      '10.60.1.3',
      '24',
      '10.60.1.1',
      '3600',
      '10.60.1.1',
      routes,
      '10.60.1.53',
      'office',
    );
    expect(readHappening(said)).toEqual({
      event: 'bound',
      lease: {
        ...{ address: '10.60.1.3', prefix: 24, server: '10.60.1.1', seconds: 3600, domain: 'office' },
        ...{ routers: ['10.60.1.1'], resolvers: ['10.60.1.53'] },
        routes: [
          { to: '10.60.2.0/24', via: '10.60.1.1' },
          { to: 'default', via: '10.60.1.2' },
        ],
      },
    });
    expect(readHappening(line('deconfig', '', '', '', '', '', '', '', ''))).toEqual({ event: 'deconfig' });
  });

  test('is nothing where it makes no sense, and options that are no addresses are left out', () => {
    for (const said of [
      'udhcpc: started',
      line('bound'),
      line('bound', '; rm -rf /', '24', '10.60.1.1', '60'),
      '',
    ])
      expect(readHappening(said)).toBeUndefined();
    const odd = line('renew', '10.60.1.3', '24', '10.60.1.1', '60', 'x', '1 2 3', '$(id)', 'a b');
    expect(readHappening(odd)).toMatchObject({ lease: { routers: [], routes: [], resolvers: [] } });
    expect(readHappening(odd)).not.toHaveProperty('lease.domain');
  });
});

describe('on a network of both families', () => {
  const both = planOf(`
lab: both
networks:
  office: { subnet: [10.60.1.0/24, "fd00:60:1::/64"], dhcp: gw, dns: gw }
  annex: { subnet: "fd00:60:2::/64", dns: gw }
hosts:
  gw: { forward: true, networks: { office: 10.60.1.1, annex: } }
  alice: { networks: { office: "fd00:60:1::21" } }
  bob: { networks: [annex] }
`);

  test('addresses and routes of IPv4 are leased, those of IPv6 are given', () => {
    const { interfaces, routes } = host('alice', both);
    expect(interfaces[0]!.leased?.router).toBe('10.60.1.1');
    expect(routesGiven(host('alice', both))).toEqual(routes.filter(({ via }) => via.includes(':')));
    expect(host('gw', both).serves![0]!.pools![0]!.leases).toHaveLength(1);
  });

  test('names are answered with both, and a network of IPv6 alone asks by that', () => {
    const [office, annex] = host('gw', both).serves!;
    expect(office!.names).toContainEqual({ address: '10.60.1.2', names: ['alice.office', 'alice'] });
    expect(office!.names).toContainEqual({ address: 'fd00:60:1::21', names: ['alice.office', 'alice'] });
    expect(office!.names).toContainEqual({ address: 'fd00:60:2::2', names: ['bob.annex', 'bob'] });
    expect(annex!.names).toContainEqual({ address: 'fd00:60:1::21', names: ['alice.office', 'alice'] });
    expect(host('bob', both).resolvers).toEqual([{ address: 'fd00:60:2::1', domain: 'annex' }]);
  });
});

describe('a range, a reservation and a relay', () => {
  const pooled = planOf(`
lab: pooled
networks:
  core: 10.60.1.0/24
  office: { subnet: 10.60.2.0/24, dhcp: { by: gw, range: 10.60.2.100-10.60.2.110, lease: 10m } }
  branch: { subnet: 10.60.3.0/24, dhcp: { by: srv, relay: gw } }
hosts:
  gw: { forward: true, networks: { core: 10.60.1.1, office: 10.60.2.1, branch: 10.60.3.1 } }
  srv: { networks: { core: 10.60.1.10 } }
  fixed: { networks: { office: 10.60.2.100 } }
  kept: { networks: { office: { address: 10.60.2.9, dhcp: true } } }
  alice: { networks: [office] }
  bob: { networks: [branch] }
`);
  const card = (name: string) => host(name, pooled).interfaces[0]!;

  test('one server of the router does both, with the addresses of hosts kept for them', () => {
    const [only, ...others] = host('gw', pooled).serves!;
    expect(others).toEqual([]);
    expect([only!.networks, only!.cards]).toEqual([
      ['office', 'branch'],
      ['eth1', 'eth2'],
    ]);
    const lines = compileDnsmasq(only!).split('\n');
    expect(lines).toContain('dhcp-range=10.60.2.100,10.60.2.110,255.255.255.0,10.60.2.255,600');
    expect(lines).toContain('dhcp-relay=10.60.3.1,10.60.1.10');
    const reserved = lines.flatMap((line) => /^dhcp-host=([^,]+),set:h\d,([^,]+)/.exec(line)?.slice(1) ?? []);
    const wanted = ['fixed', 'kept', 'alice'].flatMap((name) => [
      card(name).mac,
      card(name).addresses[0]!.address,
    ]);
    expect(reserved).toEqual(wanted);
    expect(card('alice').addresses[0]!.address).toBe('10.60.2.101');
  });

  test('a server behind a relay has the clients’ network, without a range for strangers', () => {
    const [only] = host('srv', pooled).serves!;
    expect(compileDnsmasq(only!)).toContain('dhcp-range=10.60.3.0,static,255.255.255.0,10.60.3.255\n');
    expect(card('bob').leased).toMatchObject({
      server: '10.60.1.10',
      relay: '10.60.3.1',
      router: '10.60.3.1',
    });
    expect(card('kept').leased).toMatchObject({ server: '10.60.2.1', seconds: 600 });
    expect(card('fixed').leased).toBeUndefined();
  });
});

test('a NAT router answers outside where a relay asks it from there, and nowhere else', () => {
  const behind = (relay: string) => `
lab: behind
networks: { home: 10.61.1.0/24, world: 10.61.2.0/24, far: { subnet: 10.61.3.0/24, dhcp: { by: router, relay: r2 } } }
hosts:
  router: { forward: true, networks: [home, world], nat: { outside: world } }
  r2: { forward: true, networks: { ${relay}: , far: 10.61.3.1 } }
  alice: { networks: [far] }
`;
  expect(host('router', planOf(behind('world'))).nat?.answers).toBe(true);
  expect(host('router', planOf(behind('home'))).nat?.answers).toBeUndefined();
});
