/** Both families of IP in one plan: addresses, names, routes, and whom a name means. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Family, familyOf, linkLocalOf } from '../../lab/model/address.ts';
import { ownersOf, walk } from '../../lab/model/follow-routes.ts';
import type { Plan } from '../../lab/model/planned.ts';
import type { Scenario } from '../../lab/model/types.ts';
import { planScenario, resolveAddress } from '../../lab/plan/plan.ts';
import { planOf } from '../lab.ts';
import { fewestRouters, graphs } from '../topology/graphs.ts';

const plan = planOf(`
lab: families
networks:
  home: [10.50.1.0/24, "fd00:50:1::/64"]
  middle: ["fd00:50:2::/64", 10.50.2.0/24]
  six: "FD00:50:3:0::/64"
  four: 10.50.4.0/24
hosts:
  one: { forward: true, networks: { home: ["fd00:50:1::ff", 10.50.1.1], middle: } }
  two: { forward: true, networks: [middle, six, four] }
  alice: { networks: { home: "fd00:50:1:0::21" } }
  mid: { networks: [middle], gateway: "fd00:50:2::1" }
  lone: { networks: [home], gateway: none }
  echo: { networks: [six] }
  olde: { networks: [four] }
  apart: { networks: [four, six] }
`);
const find = (name: string) => plan.hosts.find((host) => host.name === name)!;
const addresses = (name: string) =>
  find(name).interfaces.map((card) => card.addresses.map(({ address }) => address));
const routes = (name: string) => find(name).routes.map(({ to, via }) => `${to} via ${via}`);

describe('addresses', () => {
  test('are one of each family that the network has, in the order of the network, whatever order a host writes', () => {
    expect(addresses('one')).toEqual([
      ['10.50.1.1', 'fd00:50:1::ff'],
      ['fd00:50:2::1', '10.50.2.1'],
    ]);
    expect(addresses('two')).toEqual([['fd00:50:2::2', '10.50.2.2'], ['fd00:50:3::1'], ['10.50.4.1']]);
  });

  test('of IPv6 are written in one way alone, however the scenario writes them (RFC 5952)', () => {
    expect(addresses('alice')).toEqual([['10.50.1.2', 'fd00:50:1::21']]);
    expect(plan.networks[2]?.subnets).toEqual([{ family: 'ipv6', subnet: 'fd00:50:3::/64', prefix: 64 }]);
  });

  test('that a card makes of its MAC are known: RFC 4291 appendix A, the second bit of the first octet turned', () => {
    expect(linkLocalOf('34:56:78:9a:bc:de')).toBe('fe80::3656:78ff:fe9a:bcde');
    for (const { mac, linkLocal } of find('two').interfaces.slice(0, 2))
      expect(linkLocal).toBe(linkLocalOf(mac));
    expect(find('olde').interfaces[0]).not.toHaveProperty('linkLocal');
  });
});

describe('routes', () => {
  test('are those of each family by routers that have it on both sides', () => {
    expect(routes('one')).toEqual(['10.50.4.0/24 via 10.50.2.2', 'fd00:50:3::/64 via fd00:50:2::2']);
    expect(routes('alice')).toEqual(['default via 10.50.1.1', 'default via fd00:50:1::ff']);
    expect(routes('olde')).toEqual(['default via 10.50.4.1']);
    expect(routes('lone')).toEqual([]);
  });

  test('by a gateway’s address are of its family, and the other has what is worked out', () => {
    expect(routes('mid')).toEqual([
      '10.50.1.0/24 via 10.50.2.1',
      '10.50.4.0/24 via 10.50.2.2',
      'default via fd00:50:2::1',
    ]);
  });
});

describe('a gateway by its name', () => {
  const torn = planOf(`
lab: torn
networks: { four: 10.50.1.0/24, six: "fd00:50:2::/64", far: [10.50.3.0/24, "fd00:50:3::/64"] }
hosts:
  old: { forward: true, networks: [four, far] }
  new: { forward: true, networks: [six, far] }
  both: { networks: [four, six], gateway: [old, new] }
  half: { networks: [four, six], gateway: new }
`);
  test.each(['both', 'half'])(
    'is one of the families in which they meet, and the other has its own: %s',
    (name) => {
      const found = torn.hosts.find((host) => host.name === name)!.routes;
      expect(found.map(({ to, via }) => `${to} via ${via}`)).toEqual([
        'default via 10.50.1.1',
        'default via fd00:50:2::1',
      ]);
    },
  );
});

describe('a name', () => {
  test.each<[string, string, Family | undefined, string]>([
    ['alice', 'one', undefined, '10.50.1.1'],
    ['alice', 'one', 'ipv6', 'fd00:50:1::ff'],
    ['mid', 'one', undefined, 'fd00:50:2::1'],
    ['mid', 'one', 'ipv4', '10.50.2.1'],
    ['alice', 'mid', undefined, 'fd00:50:2::3'],
    ['alice', 'mid', 'ipv4', '10.50.2.3'],
    ['alice', 'echo', undefined, 'fd00:50:3::2'],
    ['alice', 'olde', undefined, '10.50.4.2'],
    ['alice', 'apart', undefined, '10.50.4.3'],
    ['alice', 'apart', 'ipv6', 'fd00:50:3::3'],
    ['alice', 'apart.six', undefined, 'fd00:50:3::3'],
    ['alice', '[FD00:50:3::0:3]', undefined, 'fd00:50:3::3'],
    ['alice', 'alice', 'ipv6', 'fd00:50:1::21'],
  ])('at %s, %s by %s is %s', (at, text, family, address) => {
    expect(resolveAddress(plan, at, text, family)).toBe(address);
  });

  test('means nobody where its family does not lead', () => {
    expect(() => resolveAddress(plan, 'olde', 'echo')).toThrow('`olde` has no way to `echo`');
    expect(() => resolveAddress(plan, 'alice', 'olde', 'ipv6')).toThrow(
      '`alice` has no way to `olde` by IPv6',
    );
    expect(() => resolveAddress(plan, 'echo', 'broadcast')).toThrow('IPv6 has no broadcast');
  });

  test('stands in the hosts file with the nearest address of each family', () => {
    const lines = find('alice').hostsFile.split('\n');
    expect(lines.slice(0, 2)).toEqual(['127.0.0.1\tlocalhost', '::1\tlocalhost']);
    expect(lines).toContain('10.50.4.3\tapart apart.four');
    expect(lines).toContain('fd00:50:3::3\tapart apart.six');
    expect(find('olde').hostsFile).not.toContain(':');
  });
});

describe('IPv6', () => {
  test('is wholly off on hosts that are on no network of it, and on where it is asked for', () => {
    expect(find('olde').sysctls).toMatchObject({ 'net.ipv6.conf.all.disable_ipv6': '1' });
    expect(find('echo').sysctls).toMatchObject({
      'net.ipv6.conf.all.disable_ipv6': '0',
      'net.ipv6.conf.default.accept_ra': '0',
      'net.ipv6.conf.default.accept_dad': '0',
    });
  });

  test('is forwarded by routers alone', () => {
    expect(find('one').sysctls['net.ipv6.conf.all.forwarding']).toBe('1');
    expect(find('echo').sysctls).not.toHaveProperty(['net.ipv6.conf.all.forwarding']);
  });
});

/** Of every three networks one has IPv4 alone, one IPv6 alone, one both. */
function mixed(scenario: Scenario): Scenario {
  const networks = scenario.networks.map((network, index) => {
    const [four] = network.subnets;
    const six = `fd00:110:${four!.split('.')[2]}::/64`;
    return { ...network, subnets: [[four!], [six], [six, four!]][index % 3]! };
  });
  return { ...scenario, networks };
}

/** The lab as if there were no other family. */
function only(family: Family, { networks, hosts, ...rest }: Scenario): Scenario {
  const kept = networks.filter(({ subnets }) => subnets.some((subnet) => familyOf(subnet) === family));
  const has = new Set(kept.map(({ name }) => name));
  const attached = hosts.map((host) => ({
    ...host,
    networks: host.networks.filter(({ network }) => has.has(network)),
  }));
  return { ...rest, networks: kept, hosts: attached };
}

test('in any lab each family goes by the fewest routers that have it on both sides, and nowhere else', () => {
  const without = (scenario: Scenario): Scenario => ({
    ...scenario,
    hosts: scenario.hosts.map(({ gateway: _, ...host }) => host),
  });
  fc.assert(
    fc.property(graphs({ networks: 12, hosts: 30 }), (graph) => {
      const scenario = mixed(without(graph));
      const whole: Plan = planScenario(scenario);
      const owners = ownersOf(whole.hosts);
      for (const family of ['ipv4', 'ipv6'] as const) {
        const alone = only(family, scenario);
        for (const from of alone.hosts) {
          const planned = whole.hosts.find(({ name }) => name === from.name)!;
          for (const { name, interfaces } of whole.hosts) {
            if (name === from.name) continue;
            for (const { network, addresses } of interfaces) {
              const address = addresses.find((one) => one.family === family)?.address;
              if (address === undefined) continue;
              const routers = from.networks.length > 0 ? fewestRouters(alone, from, network) : undefined;
              expect([from.name, address, walk(planned, address, owners)?.length]).toEqual([
                from.name,
                address,
                routers,
              ]);
            }
          }
        }
      }
    }),
    { numRuns: 20 },
  );
}, 60_000);
