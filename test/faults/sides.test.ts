/** The pure half of a cut: from two sides to what each agent drops, and from that to the rules of its patch. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cable, compilePatch } from '../../lab/agent/nft/patch.ts';
import type { CutRequest } from '../../lab/agent/protocol.ts';
import { compileCut, namesOf, onMachines, type Side } from '../../lab/faults/sides.ts';
import type { PlannedHost } from '../../lab/model/planned.ts';

const NETWORKS = ['office', 'store', 'yard'];

/** A host on some of the networks; every card has a MAC of its own. */
function hostOn(index: number, networks: readonly string[]): PlannedHost {
  const interfaces = networks.map((network, card) => ({
    name: `eth${card}`,
    network,
    mac: `02:00:00:00:${String(index).padStart(2, '0')}:0${card}`,
    addresses: [{ family: 'ipv4' as const, address: '10.0.0.1', prefix: 24, broadcast: '10.0.0.255' }],
    members: [],
    mtu: 1500,
    internet: false,
  }));
  return {
    name: `host-${index}`,
    interfaces,
    forward: false,
    routes: [],
    hostsFile: '',
    sysctls: {},
    files: [],
  };
}

const hosts = fc
  .array(fc.subarray(NETWORKS, { minLength: 1 }), { minLength: 2, maxLength: 8 })
  .map((all) => all.map((networks, index) => hostOn(index, networks)));

/** Hosts, and two sides that share none of them; one of the sides may be all the others. */
const sided = hosts.chain((all) =>
  fc
    .record({
      marks: fc.array(fc.constantFrom('from', 'to', 'neither'), {
        minLength: all.length,
        maxLength: all.length,
      }),
      whole: fc.constantFrom('from', 'to', 'none'),
    })
    .map(({ marks, whole }) => {
      const side = (mark: string) => all.filter((_, index) => marks[index] === mark).map(({ name }) => name);
      const from: Side = whole === 'from' ? 'all' : side('from');
      const to: Side = whole === 'to' ? 'all' : side('to');
      return { all, from, to };
    }),
);

const macsOf = (all: readonly PlannedHost[], names: readonly string[]) =>
  all
    .filter(({ name }) => names.includes(name))
    .flatMap(({ interfaces }) => interfaces.map(({ mac }) => mac));

describe('what is dropped for a cut', () => {
  test('one way: only receivers drop, only what senders on their own networks send; those are told too', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        const drops = compileCut({ from, to, ways: 'one' }, all);
        const [senders, receivers] = namesOf(
          { from, to },
          all.map(({ name }) => name),
        );
        const isNear = (one: PlannedHost, other: PlannedHost) =>
          one.interfaces.some(({ network }) => other.interfaces.some((card) => card.network === network));
        for (const one of all) {
          const across = receivers.includes(one.name) ? senders : senders.includes(one.name) ? receivers : [];
          const near = all.some((other) => across.includes(other.name) && isNear(one, other));
          expect(drops.has(one.name)).toBe(near);
          const theirs = one.interfaces.map(({ network }) => network);
          const heard = all
            .filter(({ name }) => senders.includes(name))
            .flatMap(({ interfaces }) => interfaces.filter(({ network }) => theirs.includes(network)))
            .map(({ mac }) => mac);
          const expected = receivers.includes(one.name) ? heard : [];
          expect(drops.get(one.name) ?? []).toEqual(expected);
        }
      }),
    );
  });

  test('both ways is one way and the other', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        const both = compileCut({ from, to, ways: 'both' }, all);
        const there = compileCut({ from, to, ways: 'one' }, all);
        const back = compileCut({ from: to, to: from, ways: 'one' }, all);
        for (const { name } of all) {
          const parts = [...(there.get(name) ?? []), ...(back.get(name) ?? [])];
          expect([...(both.get(name) ?? [])].sort()).toEqual(parts.sort());
        }
      }),
    );
  });

  test('no host drops its own frames, and none drops the same twice', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        for (const [name, macs] of compileCut({ from, to, ways: 'both' }, all)) {
          expect(new Set(macs).size).toBe(macs.length);
          expect(macsOf(all, [name]).some((mac) => macs.includes(mac))).toBe(false);
        }
      }),
    );
  });

  test('`all` is everybody who does not stand on the other side', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        const names = all.map(({ name }) => name);
        const [one, other] = namesOf({ from, to }, names);
        expect(one.filter((name) => other.includes(name))).toEqual([]);
        if (from === 'all' || to === 'all') expect([...one, ...other].sort()).toEqual(names.sort());
      }),
    );
  });
});

describe('the rules of a patch', () => {
  const mac = fc
    .integer({ min: 0, max: 255 })
    .map((n) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`);
  const cable = fc.record({
    index: fc.nat(3),
    mac,
    members: fc.uniqueArray(mac, { maxLength: 5 }),
  });
  const cables: fc.Arbitrary<Cable[]> = fc.uniqueArray(cable, {
    maxLength: 3,
    selector: ({ index }) => index,
  });
  const cuts: fc.Arbitrary<CutRequest[]> = fc.uniqueArray(
    fc.record({ id: fc.string({ minLength: 1 }), from: fc.array(fc.record({ mac }), { maxLength: 4 }) }),
    { maxLength: 5, selector: ({ id }) => id },
  );
  /** By cable, in its order. */
  const heard = (rules: string) =>
    [...rules.matchAll(/set heard\d+ \{[^}]*?(?:elements = \{ ([^}]*) \})?\n {2}\}/g)].map(
      ([, macs]) => macs?.split(', ') ?? [],
    );

  test('hear on every cable those of its members that no cut names', () => {
    fc.assert(
      fc.property(cables, cuts, (all, asked) => {
        const named = asked.flatMap(({ from }) => from.map((one) => one.mac));
        expect(heard(compilePatch(all, asked))).toEqual(
          all.map(({ members }) => members.filter((one) => !named.includes(one))),
        );
      }),
    );
  });

  test('do not depend on the order of the cuts; without any all members are heard', () => {
    fc.assert(
      fc.property(cables, cuts, (all, asked) => {
        expect(compilePatch(all, asked.toReversed())).toBe(compilePatch(all, asked));
        expect(heard(compilePatch(all, []))).toEqual(all.map(({ members }) => members));
      }),
    );
  });
});

test('sides of machines are those of the hosts that stand there', () => {
  const hosts = [
    { name: 'alice', node: 'a' },
    { name: 'bob', node: 'b' },
    { name: 'carol', node: 'c' },
    { name: 'dave', node: 'b' },
    { name: 'nobody' },
  ];
  const cut = { from: ['a'], to: ['b', 'c'], ways: 'both' } as const;
  const sides = { ...cut, from: [...cut.from], to: [...cut.to] };
  expect(onMachines({ ...sides, machines: true }, hosts)).toEqual({
    from: ['alice'],
    to: ['bob', 'carol', 'dave'],
    ways: 'both',
  });
  expect(onMachines(sides, hosts)).toBe(sides);
});
