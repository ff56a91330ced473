/** The plan of a lab in which a host has gone to another network. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../lab/model/planned.ts';
import { type Move, planMove } from '../../lab/plan/move.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const YAML = `
lab: moving
networks:
  wifi: { subnet: 10.50.1.0/24, dhcp: home, dns: home }
  lte: 10.50.2.0/24
  cafe: { subnet: 10.50.3.0/24, dhcp: till, link: { delay: 5ms } }
hosts:
  home: { forward: true, networks: { wifi: 10.50.1.1, lte: 10.50.2.1 }, deny: ["tcp * > phone:22"] }
  phone: { networks: [wifi] }
  tablet: { networks: { wifi: { address: 10.50.1.9, mtu: 1400, link: { delay: 20ms } } }, routes: { 10.9.0.0/16: 10.50.1.1 } }
  echo: { networks: [lte] }
  till: { networks: { cafe: 10.50.3.1 } }
`;

const scenario = loadScenario(YAML, 'move.yaml', vocabulary);
const plan = planScenario(scenario);
const going = (host: string, from: string, to: string, ...addresses: string[]): Move => ({
  ...{ host, from, to, addresses },
});
const hostIn = ({ hosts }: Plan, name: string) => hosts.find((host) => host.name === name)!;
const cardIn = (plan: Plan, name: string) => hostIn(plan, name).interfaces[0]!;
const addressIn = (plan: Plan, name: string) => cardIn(plan, name).addresses[0]!.address;

describe('a host that has moved', () => {
  const moved = planMove(plan, scenario, going('phone', 'wifi', 'lte'));

  test('keeps its card and MAC, and has the next free address and the routes of the other network', () => {
    const [before, now] = [cardIn(plan, 'phone'), cardIn(moved, 'phone')];
    expect([now.name, now.mac, now.network]).toEqual([before.name, before.mac, 'lte']);
    expect([addressIn(plan, 'echo'), addressIn(moved, 'phone')]).toEqual(['10.50.2.2', '10.50.2.3']);
    expect(hostIn(moved, 'phone').routes).toEqual([{ to: 'default', via: '10.50.2.1', interface: 'eth0' }]);
  });

  test('is found by its name at the new address, in hosts files and by the name server', () => {
    expect(hostIn(moved, 'echo').hostsFile).toContain('10.50.2.3\tphone\n');
    expect(hostIn(moved, 'echo').hostsFile).not.toContain(addressIn(plan, 'phone'));
    const [serving] = hostIn(moved, 'home').serves!;
    const names = serving!.names!.filter((one) => one.names.includes('phone'));
    expect(names.map(({ address }) => address)).toEqual(['10.50.2.3']);
    expect(serving!.pools![0]!.leases).toEqual([]);
  });

  test('is heard by its new neighbours, and not by those that it had', () => {
    const { mac } = cardIn(plan, 'phone');
    expect(cardIn(moved, 'echo').members).toContain(mac);
    expect(cardIn(moved, 'tablet').members).not.toContain(mac);
  });

  test('leaves the addresses and MACs of all others, and the rules that name it', () => {
    for (const name of ['home', 'tablet', 'echo', 'till']) {
      const cards = ({ interfaces }: ReturnType<typeof hostIn>) =>
        interfaces.map(({ mac, addresses }) => [mac, addresses]);
      expect(cards(hostIn(moved, name))).toEqual(cards(hostIn(plan, name)));
    }
    expect(hostIn(moved, 'home').firewall).toEqual(hostIn(plan, 'home').firewall);
  });

  test('comes back to the plan that there was', () => {
    const address = addressIn(plan, 'phone');
    expect(planMove(moved, scenario, going('phone', 'lte', 'wifi', address))).toEqual(plan);
  });

  test('finds its address free when it comes back, though others came meanwhile', () => {
    const crowd = planMove(moved, scenario, going('echo', 'lte', 'wifi'));
    expect(addressIn(crowd, 'echo')).not.toBe(addressIn(plan, 'phone'));
    expect(cardIn(crowd, 'phone').network).toBe('lte');
    const taken = () => planMove(moved, scenario, going('echo', 'lte', 'wifi', addressIn(plan, 'phone')));
    expect(taken).toThrow('is the address of phone');
  });
});

test('a host asks for its address where the other network hands addresses out, unless it is given one', () => {
  const leased = planMove(plan, scenario, going('tablet', 'wifi', 'cafe'));
  expect(cardIn(leased, 'tablet').leased?.server).toBe('10.50.3.1');
  expect(hostIn(leased, 'till').serves![0]!.pools![0]!.leases.map(({ address }) => address)).toEqual([
    '10.50.3.2',
  ]);
  const given = planMove(plan, scenario, going('tablet', 'wifi', 'cafe', '10.50.3.77'));
  expect(addressIn(given, 'tablet')).toBe('10.50.3.77');
  expect(cardIn(given, 'tablet').leased).toBeUndefined();
});

test('a card keeps its own MTU, and the routes that are written stay behind', () => {
  const away = planMove(plan, scenario, going('tablet', 'wifi', 'lte'));
  expect([cardIn(plan, 'tablet').mtu, cardIn(away, 'tablet').mtu]).toEqual([1400, 1400]);
  const leading = (plan: Plan) => hostIn(plan, 'tablet').routes.map(({ to, via }) => `${to} via ${via}`);
  expect(leading(plan)).toContain('10.9.0.0/16 via 10.50.1.1');
  expect(leading(away)).toEqual(['default via 10.50.2.1']);
});

test('a card meets the links of the network on which it is, and leaves its own behind', () => {
  const delays = (plan: Plan) => cardIn(plan, 'tablet').link?.map(({ impairment }) => impairment.delay);
  expect(delays(plan)).toEqual([20, 20]);
  const away = planMove(plan, scenario, going('tablet', 'wifi', 'cafe'));
  expect(delays(away)).toEqual([5]);
  expect(delays(planMove(away, scenario, going('tablet', 'cafe', 'wifi', '10.50.1.9')))).toEqual([20, 20]);
});
