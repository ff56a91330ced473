/** The ruleset of a patch as text: whose frames a card hears, and whose a cut takes away. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePatch } from '../../lab/agent/nft/patch.ts';

const [ALICE, BOB, ECHO] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b', '02:00:00:00:00:0e'];
const cable = { index: 0, mac: ECHO, members: [ALICE, BOB, ECHO] };
const cut = (id: string, ...macs: string[]) => ({ id, from: macs.map((mac) => ({ mac })) });

test('the patch says first whose a frame is that is not from the card’s own MAC, and hears the network’s own cards', () => {
  expect(compilePatch([cable], [])).toBe(`table netdev lanlab
delete table netdev lanlab
table netdev lanlab {
  set heard0 {
    type ether_addr; flags dynamic,timeout; size 65535;
    elements = { 02:00:00:00:00:0a, 02:00:00:00:00:0b, 02:00:00:00:00:0e }
  }
  chain out0 {
    type filter hook ingress device "patch0" priority 0; policy drop;
    ether saddr 02:00:00:00:00:0e fwd to "wire0"
    dup to "turn0" @ll,96,64 set 0x4c4c02000000000e fwd to "wire0"
  }
  chain behind0 {
    type filter hook ingress device "back0" priority 0; policy drop;
    fwd to "wire0"
  }
  chain in0 {
    type filter hook ingress device "wire0" priority 0; policy drop;
    ether type 0x4c4c update @heard0 { ether saddr timeout 10m } drop
    ether saddr @heard0 fwd to "patch0"
  }
}
`);
});

test('in a cut it says so of every frame, and neither hears the cut cards nor whom they speak as', () => {
  const rules = compilePatch([cable], [cut('gap', BOB, ALICE)]);
  expect(rules).toContain('elements = { 02:00:00:00:00:0e }');
  expect(rules).toContain(
    '@ll,96,64 { 0x4c4c02000000000a, 0x4c4c02000000000b } delete @heard0 { ether saddr } drop',
  );
  expect(rules).not.toContain(`ether saddr ${ECHO} fwd`);
});

test('who is only not heard says whose its frames are, and hears everybody', () => {
  const rules = compilePatch([cable], [cut('gap')]);
  expect(rules).toContain('elements = { 02:00:00:00:00:0a, 02:00:00:00:00:0b, 02:00:00:00:00:0e }');
  expect(rules).not.toContain(`ether saddr ${ECHO} fwd`);
});

test('out of the lab leads what is nobody’s, but no card that is cut off under another MAC', () => {
  const outside = '    ether saddr != { 02:00:00:00:00:0e } ether saddr != @unheard0';
  const rules = compilePatch([{ index: 0, mac: ECHO, members: [ECHO], internet: true }], [cut('gap', ECHO)]);
  expect(rules).toContain(`${outside} ip protocol != igmp fwd to "patch0"\n${outside} ether type arp fwd`);
  expect(rules).toContain('delete @heard0 { ether saddr } update @unheard0 { ether saddr timeout 10m } drop');
});

test('each card has its own cable', () => {
  const text = compilePatch([cable, { index: 1, mac: ECHO, members: [ECHO] }], []);
  const devices = (index: number) => ['patch', 'back', 'wire'].map((name) => `device "${name}${index}"`);
  expect(text.match(/device "\w+"/g)).toEqual([...devices(0), ...devices(1)]);
});

test('a card without members hears nobody', () => {
  expect(compilePatch([{ index: 0, mac: ECHO, members: [] }], [])).not.toContain('elements');
});

const mac = fc.constantFrom(ALICE, BOB, ECHO, '02:00:00:00:00:0f');
const cuts = fc.array(
  fc.record({
    id: fc.string(),
    from: fc.array(
      mac.map((one) => ({ mac: one })),
      { maxLength: 5 },
    ),
  }),
);

test('whatever is cut, who is heard are the others, whichever cut came first', () => {
  fc.assert(
    fc.property(cuts, (requests) => {
      const text = compilePatch([cable], requests);
      const heard = /elements = \{ (.*) \}/.exec(text)?.[1]?.split(', ') ?? [];
      const asked = requests.flatMap(({ from }) => from.map(({ mac }) => mac));
      expect(heard).toEqual(cable.members.filter((member) => !asked.includes(member)));
      expect(compilePatch([cable], requests.toReversed())).toBe(text);
    }),
  );
});

test('a MAC is one MAC in capitals and in small letters', () => {
  expect(compilePatch([cable], [cut('a', BOB), cut('b', BOB.toUpperCase())])).toBe(
    compilePatch([cable], [cut('a', BOB)]),
  );
});
