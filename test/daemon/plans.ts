/** Scenarios as a person edits them: a few networks and hosts that come, go and change. */
import fc from 'fast-check';
import type { Plan } from '../../lab/model/planned.ts';
import type { Host, HostFile, Network, Program, Scenario } from '../../lab/model/types.ts';
import { planScenario } from '../../lab/plan/plan.ts';

const where = { file: 'test.yaml', line: 1, column: 1 };

const network = (name: string, number: number): fc.Arbitrary<Network> =>
  fc
    .constantFrom('24', '25', '26')
    .map((prefix) => ({ name, subnets: [`10.77.${number}.0/${prefix}`], where }));

const networks = fc
  .tuple(network('office', 100), network('store', 101), network('yard', 102))
  .chain((all) => fc.shuffledSubarray(all, { minLength: 1 }));

const program: fc.Arbitrary<Program | undefined> = fc.option(
  fc.record({
    kind: fc.constant('service' as const),
    service: fc.constantFrom('tcp-echo', 'time'),
    env: fc.constantFrom({}, { EVENTS: 'off' }),
  }),
  { nil: undefined },
);

const host = (name: string, of: Network[]): fc.Arbitrary<Host> =>
  fc
    .record({
      networks: fc.shuffledSubarray(of, { minLength: 1 }),
      program,
      files: fc.constantFrom<HostFile[]>([], [{ path: '/srv/a', content: { text: 'a' } }]),
      sysctls: fc.constantFrom<Record<string, string>>({}, { 'net.ipv4.ip_forward': '1' }),
    })
    .map(({ networks, program, files, sysctls }) => ({
      name,
      networks: networks.map(({ name }) => ({ network: name, addresses: [], where })),
      ...(program && { program }),
      files,
      sysctls,
      where,
    }));

export const scenarios: fc.Arbitrary<Scenario> = networks.chain((of) =>
  fc
    .tuple(...['alice', 'bob', 'carol', 'dave'].map((name) => host(name, of)))
    .chain((hosts) => fc.shuffledSubarray(hosts))
    .map((hosts): Scenario => ({ file: 'test.yaml', lab: 'test', networks: of, hosts, steps: [] })),
);

export const plans: fc.Arbitrary<Plan> = scenarios.map(planScenario);
