import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePatch } from '../../lab/agent/patch.ts';

const [ALICE, BOB, ECHO] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b', '02:00:00:00:00:0e'];
const cable = { index: 0, members: [ALICE, BOB, ECHO] };
const cut = (id: string, ...macs: string[]) => ({ id, from: macs.map((mac) => ({ mac })) });

test('the patch hands on what the network’s own cards sent, and drops what the cut ones did', () => {
  expect(compilePatch([cable], [cut('gap', BOB, ALICE)])).toBe(`table netdev lanlab
delete table netdev lanlab
table netdev lanlab {
  chain out0 {
    type filter hook ingress device "patch0" priority 0; policy drop;
    fwd to "wire0"
  }
  chain in0 {
    type filter hook ingress device "wire0" priority 0; policy drop;
    ether saddr != { 02:00:00:00:00:0a, 02:00:00:00:00:0b, 02:00:00:00:00:0e } drop
    ether saddr { 02:00:00:00:00:0a, 02:00:00:00:00:0b } drop
    fwd to "patch0"
  }
}
`);
});

test('each card has its own cable', () => {
  const text = compilePatch([cable, { index: 1, members: [ECHO] }], []);
  expect(text.match(/device "\w+"/g)).toEqual([
    'device "patch0"',
    'device "wire0"',
    'device "patch1"',
    'device "wire1"',
  ]);
});

test('a card without members hears nobody', () => {
  expect(compilePatch([{ index: 0, members: [] }], [])).toContain(
    'policy drop;\n    drop\n    fwd to "patch0"',
  );
});

const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
const cuts = fc.array(
  fc.record({
    id: fc.string(),
    from: fc.array(
      mac.map((one) => ({ mac: one })),
      { maxLength: 5 },
    ),
  }),
);

test('whatever is cut, each MAC is dropped once, in order, whichever cut came first', () => {
  fc.assert(
    fc.property(cuts, (requests) => {
      const text = compilePatch([cable], requests);
      const dropped = /ether saddr \{ (.*) \} drop/.exec(text)?.[1]?.split(', ') ?? [];
      const asked = requests.flatMap(({ from }) => from.map(({ mac }) => mac));
      expect(dropped).toEqual([...new Set(asked)].sort());
      expect(compilePatch([cable], requests.toReversed())).toBe(text);
    }),
  );
});

test('a MAC is one MAC in capitals and in small letters', () => {
  expect(compilePatch([cable], [cut('a', BOB), cut('b', BOB.toUpperCase())])).toBe(
    compilePatch([cable], [cut('a', BOB)]),
  );
});
