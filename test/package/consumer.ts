/** What somebody's own TypeScript says to the package; type-checked in the project that installed it, never run here. */
import { type Host, type Lab, LabError, lab, NetworkFailure, type WrittenScenario } from 'lanlab';
import { expect } from 'vitest';
import 'lanlab/vitest';

const scenario: WrittenScenario = {
  lab: 'typed',
  networks: { lan: 'auto', dmz: { subnet: '10.9.8.0/24' } },
  hosts: {
    web: { build: './web', ready: { tcp: 80, within: '30s' }, networks: ['lan'] },
    echo: { service: 'tcp-echo', networks: { lan: null } },
    alice: { networks: { dmz: '10.9.8.7' }, files: { '/srv/big': { random: '5MB', seed: 'x' } } },
  },
  steps: [{ at: 'alice', tcp: { to: 'echo:9000', send: 'hello' }, expect: { receive: 'HELLO' } }],
};

// @ts-expect-error a service that there is not
export const wrong: WrittenScenario = { ...scenario, hosts: { a: { service: 'tcp-ecko', networks: [] } } };

export async function use(): Promise<number> {
  await using net: Lab = await lab(scenario, { engine: 'netns', signal: AbortSignal.timeout(60_000) });
  const alice: Host = net.host('alice');
  await using talk = await alice.tcp('echo:9000', { from: 4000, giveUp: 1000 });
  const port: number = talk.local.port;
  for await (const chunk of talk) chunk.subarray(0, 1) satisfies Uint8Array;
  await expect(net.host('echo')).toHaveSeen(alice, { event: 'accept', within: 100 });
  await expect(talk).toReceive(/hello/i, { within: 1000 });
  // @ts-expect-error within is a number of milliseconds
  await expect(talk).toReceive('x', { within: '1s' });
  const result = await net.run();
  return port + result.held;
}

export function kindOf(error: unknown): string {
  if (error instanceof NetworkFailure) return `${error.kind} ${error.errno} ${error.after.toFixed(1)}`;
  return error instanceof LabError ? `${error.code}: ${error.hint}` : 'a bug';
}
