/** Where boxes and cables of a drawing lie: none covers another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../lab/model/types.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { graphOf } from '../../lab/reports/graph.ts';
import {
  type Box,
  drawingOf,
  layoutTopology,
  type Topology,
  type TopologyInput,
} from '../../lab/reports/topology.ts';
import type { Point } from '../../lab/reports/topology-cables.ts';
import { topologySvg } from '../../lab/reports/topology-svg.ts';
import { graphs as scenarios } from '../topology/graphs.ts';
import { graphs } from './graphs.ts';

function lab(networks: number, hosts: number): TopologyInput {
  const names = Array.from({ length: networks }, (_, index) => `net-${index}`);
  const leaves = Array.from({ length: hosts }, (_, index) => ({
    name: `host-${index}`,
    program: index % 2 === 0 ? 'tcp-echo' : undefined,
    interfaces: [
      { network: names[index % networks]!, addresses: [`10.0.${index % networks}.${index + 10}`] },
    ],
  }));
  const routers = names.slice(1).map((name, index) => ({
    name: `router-${index}`,
    interfaces: [
      { network: names[index]!, addresses: [`10.0.${index}.1`] },
      { network: name, addresses: [`10.0.${index + 1}.1`] },
    ],
  }));
  return {
    networks: names.map((name, index) => ({ name, subnets: [`10.0.${index}.0/24`] })),
    hosts: [...leaves, ...routers],
  };
}

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Labels of cables, by their corner. */
const labelsOf = ({ cables }: Topology): Box[] =>
  cables.map(({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2, width, height }));

/** Whether a stretch of a cable goes through a box; along its edge it does not. Looked at in steps of a pixel. */
function through([from, to]: [Point, Point], { x, y, width, height }: Box): boolean {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  return Array.from({ length: steps + 1 }, (_, index) => index / steps).some((part) => {
    const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    return at.x > x + 1 && at.x < x + width - 1 && at.y > y + 1 && at.y < y + height - 1;
  });
}

/** Where a cable lies on a box, or on the address of another cable; addresses on each other or on boxes. */
function collisions(topology: Topology): string[] {
  const labels = labelsOf(topology);
  const boxes = [...topology.networks, ...topology.hosts.filter(({ between }) => between)];
  return topology.cables.flatMap(({ points, address }, index) => {
    const stretches = points.slice(1).map((to, from): [Point, Point] => [points[from]!, to]);
    const others = labels.filter((_, other) => other !== index);
    const crossed = stretches.some((stretch) => [...boxes, ...others].some((box) => through(stretch, box)));
    const covered = [...boxes, ...others].some((box) => overlap(labels[index]!, box));
    return [...(crossed ? [`the cable ${address}`] : []), ...(covered ? [`the address ${address}`] : [])];
  });
}

const drawn = (scenario: Scenario, width: number) => drawingOf(graphOf(planScenario(scenario)), width);

describe('the cables of a drawing', () => {
  test.each(Object.entries(graphs))('%s: none lies on a box or on another’s address', (_, graph) => {
    for (const width of [340, 1120]) expect(collisions(drawingOf(graph, width))).toEqual([]);
  });

  test('the same of labs of any shape', () => {
    fc.assert(
      fc.property(scenarios({ networks: 7, hosts: 18 }), fc.constantFrom(340, 1120), (scenario, width) => {
        expect(collisions(drawn(scenario, width))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('the same of twenty networks with sixty hosts', () => {
    const [scenario] = fc.sample(scenarios({ networks: 20, hosts: 60 }, true), { numRuns: 1, seed: 7 });
    expect(collisions(drawn(scenario!, 1120))).toEqual([]);
  });

  test('each begins and ends at the edge of its host and its network', () => {
    const { cables, hosts, networks } = drawingOf(graphs.chain!, 1120);
    const touches = ({ x, y }: Point, box: Box) =>
      overlap({ x: x - 1, y: y - 1, width: 2, height: 2 }, box) &&
      !through(
        [
          { x, y },
          { x, y },
        ],
        box,
      );
    const between = hosts.filter((host) => host.between);
    for (const { points } of cables) {
      const ends = [points[0]!, points.at(-1)!];
      expect(between.filter((box) => ends.some((end) => touches(end, box)))).toHaveLength(1);
      expect(networks.filter((box) => ends.some((end) => touches(end, box)))).toHaveLength(1);
    }
  });
});

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
            const inside = 'zone' in other && !('zone' in box) && !('between' in box && box.between);
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
    expect(hosts.find(({ name }) => name === 'router-0')).toMatchObject({ between: true });
    expect(cables.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.1.1']);
  });

  test('is no wider than asked for where that can be', () => {
    expect(layoutTopology(lab(2, 6), 1120).width).toBeLessThanOrEqual(1120);
    expect(layoutTopology(lab(2, 6), 340).width).toBeLessThanOrEqual(340);
  });

  test('the rules of a router stand in its box, which grows for them', () => {
    const { hosts } = drawingOf(graphs.home!, 1120);
    const gate = hosts.find(({ name }) => name === 'gate')!;
    const { rules } = graphs.home!.hosts.find(({ name }) => name === 'gate')!;
    expect(gate.lines.map(({ text }) => text)).toEqual(['router', ...rules]);
    expect(gate.height).toBeGreaterThan(28 + 14 * 2);
    const svg = topologySvg(drawingOf(graphs.home!, 1120), 'home').markup;
    expect(svg).toContain('>nat tcp 80 to alice:8080</text>');
  });

  test('a host that is pointed at tells its routes', () => {
    const svg = topologySvg(drawingOf(graphs.chain!, 1120), 'chain').markup;
    expect(svg).toContain(
      '<title>one, a router\neth0 10.50.1.1 on home\neth1 10.50.2.1 on middle\n10.50.3.0/24 via 10.50.2.2 (two) dev eth1</title>',
    );
  });

  test('of the drawings that fit the flattest is taken: hosts in one row where there is room', () => {
    const inOneRow = layoutTopology(lab(1, 6), 1120);
    expect(new Set(inOneRow.hosts.map(({ y }) => y)).size).toBe(1);
    expect(new Set(layoutTopology(lab(1, 6), 340).hosts.map(({ y }) => y)).size).toBe(3);
  });

  test('a host that never came up is there, without an address', () => {
    const never = {
      networks: [{ name: 'office', subnets: ['10.0.0.0/24'] }],
      hosts: [{ name: 'echo', interfaces: [] }],
    };
    expect(topologySvg(layoutTopology(never, 1120), 'a lab').markup).toContain('>echo<');
  });
});
