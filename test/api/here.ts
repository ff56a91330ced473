/** The engines that the library's tests run on, each with subnets of its own. */
import { type Lab, type LabOptions, lab, NetworkFailure, type WrittenScenario } from 'lanlab';
import { afterAll, beforeAll, expect } from 'vitest';
import { engineNamed } from '../../lab/engines/index.ts';
import { describeNeeding } from '../needs.ts';

const SUBNETS = { netns: '10.79', docker: '10.80' } as const;

export type Here = keyof typeof SUBNETS;

/** Runs the tests of `body` once for each engine; `subnet(3)` is a network that nobody else has. */
export async function onEveryEngine(
  title: string,
  body: (engine: Here, subnet: (third: number) => string) => void,
): Promise<void> {
  for (const engine of ['netns', 'docker'] as const) {
    const { lacking } = await engineNamed(engine).probe();
    const why = lacking && `${lacking.why}; ${lacking.hint}`;
    const subnet = (third: number) => `${SUBNETS[engine]}.${third}.0/24`;
    describeNeeding(engine, why, `${title} on ${engine}`, () => body(engine, subnet));
  }
}

/** One lab for all the tests around it. */
export function labFor(scenario: WrittenScenario, options: LabOptions): { readonly net: Lab } {
  let net: Lab | undefined;
  beforeAll(async () => {
    net = await lab(scenario, options);
  });
  afterAll(async () => {
    await net?.down();
  });
  return {
    get net() {
      return net!;
    },
  };
}

/** What the network refused; anything else that comes is a failure of the test. */
export async function refusal(work: Promise<unknown>): Promise<NetworkFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NetworkFailure);
  return error as NetworkFailure;
}
