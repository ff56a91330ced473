import { describe, expect, test } from 'vitest';
import { type Box, layoutTopology, type TopologyInput } from '../../lab/reports/topology.ts';
import { topologySvg } from '../../lab/reports/topology-svg.ts';

function lab(networks: number, hosts: number): TopologyInput {
  const names = Array.from({ length: networks }, (_, index) => `net-${index}`);
  const leaves = Array.from({ length: hosts }, (_, index) => ({
    name: `host-${index}`,
    program: index % 2 === 0 ? 'tcp-echo' : undefined,
    interfaces: [{ network: names[index % networks]!, address: `10.0.${index % networks}.${index + 10}` }],
  }));
  const routers = names.slice(1).map((name, index) => ({
    name: `router-${index}`,
    interfaces: [
      { network: names[index]!, address: `10.0.${index}.1` },
      { network: name, address: `10.0.${index + 1}.1` },
    ],
  }));
  return {
    networks: names.map((name, index) => ({ name, subnet: `10.0.${index}.0/24` })),
    hosts: [...leaves, ...routers],
  };
}

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the drawing of a lab', () => {
  test.each([
    [1, 1],
    [1, 8],
    [2, 5],
    [3, 7],
    [4, 40],
    [1, 60],
  ])(
    '%i networks with %i hosts: nothing lies on anything else, and everything is inside',
    (networks, hosts) => {
      for (const width of [340, 1120]) {
        const picture = layoutTopology(lab(networks, hosts), width);
        expect(picture.hosts).toHaveLength(hosts + networks - 1);
        const boxes = [...picture.hosts, ...picture.networks.map((box) => ({ ...box, zone: true }))];
        for (const [index, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(picture.width + 1);
          expect(box.y + box.height).toBeLessThanOrEqual(picture.height + 1);
          for (const other of boxes.slice(index + 1)) {
            const inside = 'zone' in other && !('zone' in box) && !('router' in box && box.router);
            if (!inside) expect(overlap(box, other)).toBe(false);
          }
        }
      }
    },
  );

  test('a network’s hosts stand in its zone, and a router between its networks with an address on each cable', () => {
    const { hosts, networks, cables } = layoutTopology(lab(2, 4), 1120);
    const zone = networks.find(({ name }) => name === 'net-1')!;
    const host = hosts.find(({ name }) => name === 'host-1')!;
    expect(overlap(zone, host)).toBe(true);
    expect(hosts.find(({ name }) => name === 'router-0')).toMatchObject({ router: true });
    expect(cables.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.1.1']);
  });

  test('is no wider than asked for where that can be', () => {
    expect(layoutTopology(lab(2, 6), 1120).width).toBeLessThanOrEqual(1120);
    expect(layoutTopology(lab(2, 6), 340).width).toBeLessThanOrEqual(340);
  });

  test('a host that never came up is there, without an address', () => {
    const never = {
      networks: [{ name: 'office', subnet: '10.0.0.0/24' }],
      hosts: [{ name: 'echo', interfaces: [] }],
    };
    expect(topologySvg(layoutTopology(never, 1120), 'a lab').markup).toContain('>echo<');
  });
});
