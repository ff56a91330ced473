/** Claims on the wire, each proved by its control on the three machines of scripts/swarm-nodes.sh. */
import { beforeAll, expect, test, vi } from 'vitest';
import { lanlab } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { lacking, leftovers, pointToManager } from '../swarm/nodes.ts';

vi.setConfig({ testTimeout: 1_800_000 });

const SCENARIOS = [
  ['scenarios/02-datagrams.yaml', 'datagrams'],
  ['scenarios/04-handshake.yaml', 'handshake'],
  ['scenarios/05-arp.yaml', 'neighbours'],
] as const;

interface Proofs {
  claims: { id: string; verdict?: string; by: unknown[] }[];
}

describeNeeding('swarm', lacking, 'claims over three machines', () => {
  beforeAll(() => pointToManager());

  test.each(SCENARIOS)('%s: each is shown, and fails as foretold where it is false', async (path, name) => {
    const { exit, stdout, stderr } = await lanlab('claims', '--prove', '--engine', 'swarm', '--json', path);
    expect(exit, stdout + stderr).toBe(0);
    const { claims } = JSON.parse(stdout) as Proofs;
    const proven = claims.filter(({ by }) => by.length > 0);
    expect(proven.length).toBeGreaterThan(0);
    expect(proven.filter(({ verdict }) => verdict !== 'shown')).toEqual([]);
    await expect.poll(() => leftovers(name), { timeout: 90_000 }).toEqual([]);
  });
});
