/** Which machine holds which host. */
import { expect, test } from 'vitest';
import { place } from '../../../lab/engines/swarm/placement.ts';
import { planScenario } from '../../../lab/plan/plan.ts';
import { loadScenario } from '../../../lab/scenario/load.ts';
import { vocabulary } from '../../../lab/vocabulary.ts';

const GIB = 1024 ** 3;
const node = (name: string, cores = 2, memory = 8 * GIB, labels = {}) => ({
  ...{ name, cores, memory, labels, version: '26.1.5', architecture: 'x86_64' },
});
const three = [node('a'), node('b'), node('c')];

/** Networks by name, each with so many hosts of its own; and hosts on several networks. */
function planOf(networks: Record<string, number>, more: Record<string, object> = {}) {
  const names = Object.keys(networks);
  const hosts = names.flatMap((name) =>
    Array.from({ length: networks[name]! }, (_, index) => [`${name}${index}`, { networks: [name] }]),
  );
  const lab = {
    lab: 'placed',
    networks: Object.fromEntries(names.map((name, index) => [name, `10.60.${index}.0/24`])),
    hosts: { ...Object.fromEntries(hosts), ...more },
    steps: [],
  };
  return planScenario(loadScenario(JSON.stringify(lab), 'placed.yaml', vocabulary));
}

const counts = (placed: Map<string, string>) =>
  three.map(({ name }) => [...placed.values()].filter((one) => one === name).length);

test('hosts of one network stay together as long as they fit', () => {
  const placed = place(planOf({ lan: 20 }), three);
  expect(counts(placed)).toEqual([20, 0, 0]);
});

test('sixty hosts of one network fill one machine after the other', () => {
  expect(counts(place(planOf({ lan: 60 }), three))).toEqual([24, 24, 12]);
});

test('more hosts than there is room for are spread evenly', () => {
  expect(counts(place(planOf({ lan: 90 }), three))).toEqual([30, 30, 30]);
});

test('networks go to the machines with the most room', () => {
  const placed = place(planOf({ office: 5, dmz: 3, store: 2 }), three);
  expect([placed.get('office0'), placed.get('dmz2'), placed.get('store1')]).toEqual(['a', 'b', 'c']);
});

test('a router stands with the hosts of its larger network', () => {
  const placed = place(
    planOf({ office: 2, dmz: 5 }, { gw: { forward: true, networks: ['office', 'dmz'] } }),
    three,
  );
  expect(placed.get('gw')).toBe(placed.get('dmz0'));
});

test('little memory is little room', () => {
  const placed = place(planOf({ lan: 20 }), [node('a', 16, GIB), node('b', 16, 8 * GIB)]);
  expect([...placed.values()].filter((one) => one === 'a')).toHaveLength(0);
});

test('a host stands where it says: by name, by label', () => {
  const nodes = [node('a'), node('b'), node('c', 2, 8 * GIB, { rack: 'r2' })];
  const placed = place(
    planOf({ lan: 2 }, { echo: { networks: ['lan'], on: 'b' }, far: { networks: ['lan'], on: 'rack=r2' } }),
    nodes,
  );
  expect([placed.get('echo'), placed.get('far')]).toEqual(['b', 'c']);
});

test('where no machine is as it says, the error names the machines', () => {
  const far = (on: string) => place(planOf({ lan: 1 }, { far: { networks: ['lan'], on } }), three);
  expect(() => far('d')).toThrow('far is to stand on d, and no node is called d');
  expect(() => far('rack=r9')).toThrow('no node has the label rack=r9');
});

test('the same plan and the same machines give the same', () => {
  const plan = planOf({ office: 9, dmz: 9, store: 9 });
  expect(place(plan, three)).toEqual(place(plan, three));
});

test('hosts of a lab that is up stay where they are, and new ones fill the room that is left', () => {
  const before = planOf({ lan: 2 }, { pinned: { networks: ['lan'], on: 'b' } });
  const stood = { hosts: before.hosts.map((host) => ({ ...host, node: host.name === 'lan0' ? 'c' : 'b' })) };
  const edited = planOf({ lan: 3 }, { pinned: { networks: ['lan'], on: 'a' } });
  const placed = place(edited, three, undefined, stood);
  expect([placed.get('lan0'), placed.get('lan1'), placed.get('pinned')]).toEqual(['c', 'b', 'a']);
  const less = three.filter(({ name }) => name !== 'c');
  expect(place(edited, less, undefined, stood).get('lan0')).not.toBe('c');
});
