/** A scenario that is edited while its lab is up, planned again: who keeps what was given to them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffPlans, goingOf } from '../../lab/daemon/diff.ts';
import { withGiven } from '../../lab/daemon/replan.ts';
import type { Plan } from '../../lab/model/planned.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { scenarios } from './plans.ts';

const lab = (hosts: string, office = '10.77.100.0/24') =>
  loadScenario(`lab: edited\nnetworks: { office: "${office}" }\nhosts:\n${hosts}`, 'edited.yaml', vocabulary);

const ALICE = '  alice: { networks: [office] }\n';
const BOB = '  bob: { service: tcp-echo, networks: [office] }\n';
const CAROL = '  carol: { networks: [office] }\n';

function addressesOf({ hosts }: Plan): Record<string, string[]> {
  const of = ({ interfaces }: Plan['hosts'][number]) =>
    interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address.replace('10.77.100.', '.')));
  return Object.fromEntries(hosts.map((host) => [host.name, of(host)]));
}

/** The addresses after the edit, and who goes or comes again for it. */
function edited(before: ReturnType<typeof lab>, after: ReturnType<typeof lab>) {
  const from = planScenario(before);
  const to = planScenario(withGiven(from, after));
  return { addresses: addressesOf(to), touched: goingOf(diffPlans(from, to)).hosts };
}

test('a host that comes above the others renumbers and restarts none of them', () => {
  const { addresses, touched } = edited(lab(ALICE + BOB), lab(CAROL + ALICE + BOB));
  expect(addresses).toEqual({ carol: ['.3'], alice: ['.1'], bob: ['.2'] });
  expect(touched).toEqual([]);
});

test('a host that goes leaves the others as they are', () => {
  const { addresses, touched } = edited(lab(ALICE + BOB + CAROL), lab(CAROL + BOB));
  expect(addresses).toEqual({ carol: ['.3'], bob: ['.2'] });
  expect(touched).toEqual(['alice']);
});

test('a host with another program is the only one that is restarted, and has the address it had', () => {
  const { addresses, touched } = edited(lab(ALICE + BOB), lab(CAROL + BOB.replace('tcp', 'udp') + ALICE));
  expect(addresses).toMatchObject({ alice: ['.1'], bob: ['.2'] });
  expect(touched).toEqual(['bob']);
});

test('an address that somebody writes is theirs, and only who had it is given another', () => {
  const written = CAROL.replace('[office]', '{ office: 10.77.100.1 }');
  const { addresses, touched } = edited(lab(ALICE + BOB), lab(ALICE + BOB + written));
  expect(addresses).toEqual({ alice: ['.3'], bob: ['.2'], carol: ['.1'] });
  expect(touched).toEqual(['alice']);
});

test('an address that its network has no longer room for is not kept', () => {
  const { addresses } = edited(lab(ALICE + BOB), lab(BOB, '10.77.200.0/24'));
  expect(addresses).toEqual({ bob: ['10.77.200.1'] });
  const six = edited(lab(ALICE + BOB, 'fd77::/64'), lab(BOB, 'fd77::/64'));
  expect(six.addresses).toEqual({ bob: ['fd77::2'] });
});

test('a network that is added without a subnet is given one, as every other network is', () => {
  const both = (hosts: string) =>
    loadScenario(
      `lab: edited\nnetworks: { office: 10.77.100.0/24, yard: auto }\nhosts:\n${hosts}`,
      'edited.yaml',
      vocabulary,
    );
  const { addresses } = edited(lab(ALICE + BOB), both(BOB + ALICE.replace('[office]', '[office, yard]')));
  expect(addresses).toMatchObject({ alice: ['.1', expect.stringMatching(/^10\./)], bob: ['.2'] });
});

test('whoever stays on a network keeps the address there, and no two have the same', () => {
  fc.assert(
    fc.property(scenarios, scenarios, (before, after) => {
      const from = planScenario(before);
      const to = planScenario(withGiven(from, after));
      const cardsOf = ({ hosts }: Plan) =>
        hosts.flatMap(({ name, interfaces }) =>
          interfaces.map(
            ({ network, addresses }) => [`${name} on ${network}`, addresses[0]!.address] as const,
          ),
        );
      const had = new Map(cardsOf(from));
      for (const [card, address] of cardsOf(to)) if (had.has(card)) expect(address).toBe(had.get(card));
      const all = cardsOf(to).map(([, address]) => address);
      expect(new Set(all).size).toBe(all.length);
    }),
  );
});
