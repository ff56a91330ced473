/** Labs of any shape on namespaces, small ones and one that is larger; test/soak has more of both. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { everybodyReachesEverybody } from '../topology/everybody.ts';
import { graphs } from '../topology/graphs.ts';

const { lacking } = await netnsEngine().probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'any connected lab', () => {
  test('is as planned: eight of up to 5 networks and 10 hosts', async () => {
    await fc.assert(
      fc.asyncProperty(graphs({ networks: 5, hosts: 10 }), async (scenario) => {
        await everybodyReachesEverybody(scenario);
      }),
      // A smaller lab that fails would take as long to find as it takes to read this one.
      { numRuns: 8, endOnFailure: true },
    );
  }, 300_000);

  test('of 20 networks and 40 hosts is as planned', async () => {
    const [scenario] = fc.sample(graphs({ networks: 20, hosts: 40 }, true), { numRuns: 1, seed: 7 });
    expect(await everybodyReachesEverybody(scenario!)).toBeGreaterThanOrEqual(1560);
  }, 180_000);
});
