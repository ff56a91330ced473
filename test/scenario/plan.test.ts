/** The plan of a scenario: MACs, addresses, names and hosts files. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import {
  contains,
  engineAddress,
  parseAddress,
  printAddress,
  printSubnet,
  room,
  subnetFrom,
  subnetOf,
} from '../../lab/model/address.ts';
import type { Plan } from '../../lab/model/planned.ts';
import type { Host, Scenario } from '../../lab/model/types.ts';
import { planScenario, resolveAddress, resolveEndpoint } from '../../lab/plan/plan.ts';

const where = { file: 'x.yaml', line: 1, column: 1 };

function host(name: string, networks: Record<string, string | undefined>, more: Partial<Host> = {}): Host {
  const attached = Object.entries(networks).map(([network, address]) => ({
    network,
    where,
    addresses: address === undefined ? [] : [address],
  }));
  return { name, networks: attached, files: [], sysctls: {}, where, ...more };
}

function scenario(networks: Record<string, string>, hosts: Host[], lab = 'lan'): Scenario {
  const list = Object.entries(networks).map(([name, subnet]) => ({ name, subnets: [subnet], where }));
  return { file: 'x.yaml', lab, networks: list, hosts, steps: [] };
}

const twoLans = scenario({ office: '10.50.1.0/24', dmz: '10.50.2.0/28' }, [
  host('echo', { dmz: undefined, office: '10.50.1.10' }),
  host('alice', { office: '10.50.1.1' }),
  host('bob', { office: undefined, dmz: undefined }),
  host('web', { dmz: undefined }),
]);

const addresses = (plan: Plan) =>
  plan.hosts.map(({ name, interfaces }) => [name, ...interfaces.map((one) => one.addresses[0]!.address)]);

describe('MACs', () => {
  test('that are written are the cards’, and are made for no other', () => {
    const [made, other] = planScenario(twoLans).hosts[0]!.interfaces.map(({ mac }) => mac);
    const written = structuredClone(twoLans);
    written.hosts[3]!.networks[0]!.mac = made!;
    const macs = planScenario(written).hosts.flatMap(({ interfaces }) => interfaces.map(({ mac }) => mac));
    expect(macs.at(-1)).toBe(made);
    expect(macs[0]).not.toBe(made);
    expect(macs[1]).toBe(other);
    expect(new Set(macs).size).toBe(macs.length);
  });
});

describe('addresses', () => {
  test('left out are the lowest free ones, in the order of the file, and never one that is written anywhere', () => {
    expect(addresses(planScenario(twoLans))).toEqual([
      ['echo', '10.50.2.1', '10.50.1.10'],
      ['alice', '10.50.1.1'],
      ['bob', '10.50.1.2', '10.50.2.2'],
      ['web', '10.50.2.3'],
    ]);
  });

  test('a network without an address left is an error that says so', () => {
    const full = scenario({ pair: '10.0.0.0/30' }, [
      host('aa', { pair: undefined }),
      host('bb', { pair: undefined }),
    ]);
    expect(() => planScenario(full)).toThrow(LabError);
    expect(() => planScenario(full)).toThrow('`pair` has no address left');
  });

  /** Any network of 8 to 30 bits with as many hosts as have room, some of them with an address of their own. */
  const labs = fc
    .record({
      base: fc.oneof(
        fc
          .bigInt({ min: 0x0a000000n, max: 0x0affffffn })
          .map((number) => ({ family: 'ipv4' as const, number })),
        fc
          .bigInt({ min: 0xfdn << 120n, max: (0xfen << 120n) - 1n })
          .map((number) => ({ family: 'ipv6' as const, number })),
      ),
      shorter: fc.integer({ min: 2, max: 8 }),
    })
    .chain(({ base, shorter }) => {
      const { family } = base;
      const of = subnetOf(base, (family === 'ipv4' ? 32 : 128) - shorter);
      const subnet = printSubnet(of);
      const { first } = of;
      const most = Math.min(Number(room(of)), 40);
      const offsets = fc.uniqueArray(fc.integer({ min: 1, max: Number(room(of)) }), {
        maxLength: most,
      });
      return fc.tuple(fc.constant(subnet), offsets, fc.nat(most)).map(([cidr, chosen, left]) => {
        const own = chosen.map((offset, index) =>
          host(`own${index}`, { lan: printAddress({ family, number: first + BigInt(offset) }) }),
        );
        const free = Math.min(left, most - chosen.length);
        const rest = Array.from({ length: free }, (_, index) => host(`free${index}`, { lan: undefined }));
        return scenario({ lan: cidr }, [...rest, ...own]);
      });
    });

  test("handed out are unique, inside, and never the network's, the broadcast or the engine's", () => {
    fc.assert(
      fc.property(labs, (lab) => {
        const subnet = subnetFrom(lab.networks[0]!.subnets[0]!);
        const all = planScenario(lab).hosts.flatMap(({ interfaces }) => interfaces);
        const given = all.map(({ addresses }) => parseAddress(addresses[0]!.address)!);
        expect(new Set(given.map(printAddress)).size).toBe(lab.hosts.length);
        expect(new Set(all.map(({ mac }) => mac)).size).toBe(lab.hosts.length);
        const kept = subnet.family === 'ipv4' ? [subnet.last, engineAddress(subnet)!.number] : [];
        for (const address of given) {
          expect(contains(subnet, address)).toBe(true);
          expect([subnet.first, ...kept]).not.toContain(address.number);
        }
      }),
    );
  });

  test('written in the scenario stay as they are', () => {
    fc.assert(
      fc.property(labs, (lab) => {
        for (const planned of planScenario(lab).hosts) {
          const written = lab.hosts.find(({ name }) => name === planned.name)?.networks[0]?.addresses[0];
          if (written !== undefined) expect(planned.interfaces[0]?.addresses[0]?.address).toBe(written);
        }
      }),
    );
  });
});

describe('a plan', () => {
  const plan = planScenario(twoLans);
  const find = (name: string) => plan.hosts.find((one) => one.name === name)!;

  test('is the same every time', () => expect(planScenario(twoLans)).toEqual(plan));

  test('has MACs that are locally administered unicast, of this lab alone', () => {
    const macs = plan.hosts.flatMap(({ interfaces }) => interfaces.map(({ mac }) => mac));
    for (const mac of macs) expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    const other = planScenario({ ...twoLans, lab: 'other' });
    for (const { mac } of other.hosts.flatMap(({ interfaces }) => interfaces))
      expect(macs).not.toContain(mac);
  });

  test('names interfaces in the order written, with the MACs of everyone on the same network', () => {
    expect(find('echo').interfaces.map(({ name, network }) => [name, network])).toEqual([
      ['eth0', 'dmz'],
      ['eth1', 'office'],
    ]);
    const dmz = ['echo', 'bob', 'web'].map(
      (name) => find(name).interfaces.find(({ network }) => network === 'dmz')!.mac,
    );
    expect(find('web').interfaces[0]!.members).toEqual(dmz);
  });

  test('gives broadcast, prefix and the address that is kept for the engine', () => {
    expect(plan.networks[1]).toEqual({
      name: 'dmz',
      subnets: [
        {
          family: 'ipv4',
          subnet: '10.50.2.0/28',
          prefix: 28,
          engineAddress: '10.50.2.14',
          broadcast: '10.50.2.15',
        },
      ],
      mtu: 1500,
      internet: false,
    });
  });

  test('writes a hosts file of the names that share a network, each by the address it has there', () => {
    expect(find('alice').hostsFile).toBe(
      '127.0.0.1\tlocalhost\n10.50.1.10\techo echo.office\n10.50.1.1\talice\n10.50.1.2\tbob bob.office\n',
    );
    expect(find('bob').hostsFile).toBe(
      [
        '127.0.0.1\tlocalhost',
        '10.50.2.1\techo.dmz',
        '10.50.1.10\techo echo.office',
        '10.50.1.1\talice',
        '10.50.1.2\tbob bob.office',
        '10.50.2.2\tbob.dmz',
        '10.50.2.3\tweb',
        '',
      ].join('\n'),
    );
  });

  test("has no IPv6 and no forwarding unless the scenario's own sysctls say so", () => {
    const { sysctls } = find('alice');
    expect(sysctls).toMatchObject({ 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv4.ip_forward': '0' });
    const own = scenario({ lan: '10.0.0.0/24' }, [
      host('router', { lan: undefined }, { sysctls: { 'net.ipv4.ip_forward': '1' } }),
    ]);
    expect(planScenario(own).hosts[0]?.sysctls['net.ipv4.ip_forward']).toBe('1');
  });
});

describe('an endpoint means', () => {
  const plan = planScenario(twoLans);

  test.each([
    ['alice', 'echo:9000', '10.50.1.10', 9000],
    ['web', 'echo:9000', '10.50.2.1', 9000],
    ['bob', 'echo:9000', '10.50.1.10', 9000],
    ['bob', 'echo.dmz:7', '10.50.2.1', 7],
    ['bob', 'bob:7', '10.50.1.2', 7],
    ['web', 'broadcast:9000', '10.50.2.15', 9000],
    ['web', '255.255.255.255:9', '255.255.255.255', 9],
    ['web', '10.50.1.10:9000', '10.50.1.10', 9000],
    ['web', '127.0.0.1:9000', '127.0.0.1', 9000],
  ])('at %s, %s is %s', (at, text, address, port) => {
    expect(resolveEndpoint(plan, at, text)).toEqual({ address, port });
  });

  test('the default port where none is written, and only there', () => {
    expect(resolveEndpoint(plan, 'alice', 'echo', 123).port).toBe(123);
    expect(resolveEndpoint(plan, 'alice', 'echo:7', 123).port).toBe(7);
    expect(() => resolveEndpoint(plan, 'alice', 'echo')).toThrow('echo names no port');
  });

  test.each([
    ['web', 'alice:7', '`web` has no way to `alice`'],
    ['alice', 'echo.dmz:7', '`alice` has no way to `echo` on `dmz`'],
    ['alice', 'nobody:7', 'no host `nobody`'],
    ['alice', 'echo:0', '0 is not a port'],
    ['alice', '10.0.0.256:7', '10.0.0.256 is not an address'],
  ])('nothing: at %s, %s is an error', (at, text, message) => {
    expect(() => resolveEndpoint(plan, at, text)).toThrow(LabError);
    expect(() => resolveEndpoint(plan, at, text)).toThrow(message);
  });

  test('a target is the same without a port', () => {
    expect(resolveAddress(plan, 'alice', 'echo')).toBe('10.50.1.10');
    expect(resolveAddress(plan, 'alice', '10.50.1.77')).toBe('10.50.1.77');
  });
});
