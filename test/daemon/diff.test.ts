/** What has to change so that one plan becomes another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDiff, comingOf, diffPlans, goingOf, isEmpty, without } from '../../lab/daemon/diff.ts';
import { planOf } from '../lab.ts';
import { plans } from './plans.ts';

const names = (items: { name: string }[]) => items.map(({ name }) => name);

const LAB = `
lab: test
networks: { office: 10.77.100.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.77.100.10 } }
  alice: { networks: { office: 10.77.100.21 } }
`;

describe('the difference of two plans', () => {
  test('leads from the one to the other', () => {
    fc.assert(
      fc.property(plans, plans, (from, to) => {
        expect(applyDiff(from, diffPlans(from, to))).toEqual(to);
      }),
    );
  });

  test('of a plan and itself is empty', () => {
    fc.assert(fc.property(plans, (plan) => isEmpty(diffPlans(plan, plan))));
  });

  test('is empty only where nothing but the order is otherwise', () => {
    fc.assert(
      fc.property(plans, plans, (from, to) => {
        if (!isEmpty(diffPlans(from, to))) return;
        const sorted = (items: { name: string }[]) => items.toSorted((a, b) => a.name.localeCompare(b.name));
        expect(sorted(from.hosts)).toEqual(sorted(to.hosts));
        expect(sorted(from.networks)).toEqual(sorted(to.networks));
      }),
    );
  });

  test('takes no network from under a host that stays, and adds no host without its networks', () => {
    fc.assert(
      fc.property(plans, plans, (from, to) => {
        const diff = diffPlans(from, to);
        const left = without(from, goingOf(diff));
        const used = left.hosts.flatMap(({ interfaces }) => interfaces.map(({ network }) => network));
        expect(names(left.networks)).toEqual(expect.arrayContaining([...new Set(used)]));
        const coming = comingOf(diff);
        const there = [...names(left.networks), ...names(coming.networks)];
        for (const { interfaces } of coming.hosts)
          for (const { network } of interfaces) expect(there).toContain(network);
      }),
    );
  });

  test('an added host is one host added, and the others are told of it', () => {
    const diff = diffPlans(planOf(LAB), planOf(`${LAB}  bob: { networks: { office: 10.77.100.22 } }\n`));
    expect(goingOf(diff)).toEqual({ hosts: [], networks: [] });
    expect(names(comingOf(diff).hosts)).toEqual(['bob']);
    expect(names(diff.hosts.renewed)).toEqual(['echo', 'alice']);
    expect(diff.hosts.renewed[0]?.hostsFile).toContain('10.77.100.22\tbob');
    expect(diff.hosts.renewed[0]?.members[0]).toHaveLength(3);
  });

  test('a changed host says what of it is otherwise', () => {
    const to = planOf(
      LAB.replace('tcp-echo,', 'tcp-echo, env: { EVENTS: "off" },').replace('100.21', '100.31'),
    );
    const diff = diffPlans(planOf(LAB), to);
    expect(diff.hosts.changed.map(({ host, what }) => [host.name, what])).toEqual([
      ['echo', ['program']],
      ['alice', ['addresses']],
    ]);
    expect(goingOf(diff).hosts).toEqual(['echo', 'alice']);
  });

  test('a host on a network that is made anew is made anew', () => {
    const diff = diffPlans(planOf(LAB), planOf(LAB.replace('/24', '/25')));
    expect(names(diff.networks.changed)).toEqual(['office']);
    expect(goingOf(diff)).toEqual({ hosts: ['echo', 'alice'], networks: ['office'] });
  });
});
