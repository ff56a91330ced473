/** Thirty random labs of 20 networks and 60 hosts on namespaces, in which everybody reaches everybody as planned. */
import fc from 'fast-check';
import { test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { everybodyReachesEverybody } from '../topology/everybody.ts';
import { graphs } from '../topology/graphs.ts';

const MINUTES = 60_000;
const { lacking } = await netnsEngine().probe();

describeNeeding('netns', lacking && `${lacking.why}; ${lacking.mend}`, 'large labs', () => {
  test(
    'every pair of hosts of any of thirty reaches each other as planned',
    async () => {
      await fc.assert(
        fc.asyncProperty(graphs({ networks: 20, hosts: 60 }, true), async (scenario) => {
          await everybodyReachesEverybody(scenario);
        }),
        { numRuns: 30, endOnFailure: true },
      );
    },
    60 * MINUTES,
  );
});
