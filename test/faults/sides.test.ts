/** The pure half of a cut: from two sides to what each agent drops, and from that to the rules of its patch. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cable, compilePatch } from '../../lab/agent/patch.ts';
import type { CutRequest } from '../../lab/agent/protocol.ts';
import { compileCut, namesOf, type Side } from '../../lab/faults/sides.ts';
import type { PlannedHost } from '../../lab/scenario/planned.ts';

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
  test('one way: only receivers drop, only what senders on their own networks send', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        const drops = compileCut({ from, to, ways: 'one' }, all);
        const [senders, receivers] = namesOf(
          { from, to },
          all.map(({ name }) => name),
        );
        for (const receiver of all) {
          const theirs = receiver.interfaces.map(({ network }) => network);
          const heard = all
            .filter(({ name }) => senders.includes(name))
            .flatMap(({ interfaces }) => interfaces.filter(({ network }) => theirs.includes(network)))
            .map(({ mac }) => mac);
          const expected = receivers.includes(receiver.name) ? heard : [];
          expect(drops.get(receiver.name) ?? []).toEqual(expected);
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

  test('no host drops its own frames, none drops the same twice, and nobody is asked to drop nothing', () => {
    fc.assert(
      fc.property(sided, ({ all, from, to }) => {
        for (const [name, macs] of compileCut({ from, to, ways: 'both' }, all)) {
          expect(macs.length).toBeGreaterThan(0);
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
  const cable = fc.record({ index: fc.nat(3), members: fc.array(mac, { maxLength: 5 }) });
  const cables: fc.Arbitrary<Cable[]> = fc.uniqueArray(cable, {
    maxLength: 3,
    selector: ({ index }) => index,
  });
  const cuts: fc.Arbitrary<CutRequest[]> = fc.uniqueArray(
    fc.record({ id: fc.string({ minLength: 1 }), from: fc.array(fc.record({ mac }), { maxLength: 4 }) }),
    { maxLength: 5, selector: ({ id }) => id },
  );
  const dropped = (rules: string) => [
    ...new Set(rules.match(/(?<=ether saddr \{ )[^}]+(?= \} drop)/g) ?? []),
  ];

  test('drop the frames of every card that any cut names, on every cable', () => {
    fc.assert(
      fc.property(cables, cuts, (all, asked) => {
        const rules = compilePatch(all, asked);
        const wanted = [...new Set(asked.flatMap(({ from }) => from.map((one) => one.mac)))].sort();
        expect(dropped(rules)).toEqual(wanted.length > 0 && all.length > 0 ? [wanted.join(', ')] : []);
      }),
    );
  });

  test('do not depend on the order of the cuts; without a cut they are what the others ask for', () => {
    fc.assert(
      fc.property(cables, cuts, fc.nat(), (all, asked, which) => {
        expect(compilePatch(all, asked.toReversed())).toBe(compilePatch(all, asked));
        const healed = asked.filter((_, index) => index !== which % Math.max(1, asked.length));
        const macs = healed.flatMap(({ from }) => from.map((one) => one.mac));
        expect(dropped(compilePatch(all, healed)).join()).toBe(
          all.length > 0 ? [...new Set(macs)].sort().join(', ') : '',
        );
      }),
    );
  });
});
